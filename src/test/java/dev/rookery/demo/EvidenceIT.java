package dev.rookery.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.kernel.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That deviations are seen where they would be on record. */
final class EvidenceIT {
  private static final Story.Line LINE = Story.REPEATED;
  private static final String CONVERSATION = "telegram:int_1:" + LINE.chat();

  private static final Hands.Held HELD = new Hands.Held(500_000, 448_000, 0, 7, 17, 0);
  private static final HandsEvidence.Seen HANDS =
      new HandsEvidence.Seen(
          new Sandboxed.NotShown("a test"),
          new ApprovalChapter.Seen(2, new Findings.Crash(137, 900)),
          new Punctuality(Duration.ofSeconds(1), 0, 0, Map.of(), 0, 0, 0, 0),
          List.of(new CancelChapter.Stopped("the labels", "run_1", 40, null, 0)),
          new Hands.Purse(24, HELD, HELD));

  private final LocalBotApi bot = LocalBotApi.start();
  private final ToolLedger ledger = new ToolLedger();
  private final List<Entry> journal = new ArrayList<>();
  private final List<JsonNode> runs = new ArrayList<>(List.of(run("done")));
  private final List<JsonNode> events = new ArrayList<>(List.of(inConversation(CONVERSATION)));

  @AfterEach
  void close() {
    bot.close();
  }

  private static JsonNode inConversation(String conversation) {
    return Json.object().put("conversation", conversation);
  }

  private static JsonNode run(String state) {
    return Json.parse(
        """
        {"id":"run_1","spend":{"reserved":0.02},"conversation":"%s","state":"%s","steps":[{"state":"done"},{"state":"done"}]}
        """
            .formatted(CONVERSATION, state));
  }

  /** The run that was stopped, in a chat of its own. */
  private static JsonNode elsewhere() {
    return Json.parse(
        "{\"id\":\"run_1\",\"state\":\"cancelled\",\"steps\":[{\"state\":\"unknown\"}]}");
  }

  private void journaled(String kind, String subject, String tool) {
    journal.add(
        new Entry(
            journal.size() + 1,
            Instant.EPOCH,
            kind,
            subject,
            CONVERSATION,
            Json.object().put("tool", tool).put("name", tool)));
  }

  private void journaled(String kind, int step) {
    journal.add(
        new Entry(
            journal.size() + 1,
            Instant.EPOCH,
            kind,
            "run_1",
            CONVERSATION,
            Json.object().put("step", step)));
  }

  private void reply() throws Exception {
    URI url = URI.create(bot.baseUrl() + "/bot" + bot.bot().token() + "/sendMessage");
    String body = "{\"chat_id\":" + LINE.chat() + ",\"text\":\"hello\"}";
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  private Findings found(List<Entry> tail) {
    Evidence.Books books = new Evidence.Books(events, runs, List.of(), List.of(), journal);
    Evidence.Seen seen =
        new Evidence.Seen(Map.of(LINE, List.of(200, 200)), 401, List.of(), tail, HANDS);
    return new Evidence(bot, ledger).count(books, seen);
  }

  private Findings.Fate fate() {
    return found(List.of()).messages().getFirst();
  }

  @Test
  void an_answered_message_is_not_lost() throws Exception {
    reply();

    assertThat(fate()).isEqualTo(new Findings.Fate(LINE.name(), true, 2, 1, 1, 1, 1));
    assertThat(fate().lost()).isFalse();
  }

  @Test
  void a_message_without_event_run_or_reply_is_lost() throws Exception {
    assertThat(fate().lost()).as("no reply").isTrue();
    reply();
    runs.set(0, run("running"));
    assertThat(fate().lost()).as("unfinished run").isTrue();
    runs.set(0, elsewhere());
    assertThat(fate().lost()).as("no run").isTrue();
    events.clear();
    assertThat(fate().lost()).as("no event").isTrue();
  }

  @Test
  void two_replies_are_counted_in_the_chat() throws Exception {
    reply();
    reply();

    assertThat(fate().replies()).isEqualTo(2);
  }

  @Test
  void chats_whose_number_begins_alike_are_kept_apart() {
    events.add(inConversation(CONVERSATION + "1"));
    events.add(inConversation(CONVERSATION + ":17"));

    assertThat(fate().events()).isEqualTo(2);
  }

  @Test
  void steps_that_run_again_after_they_finished_are_repeats() {
    journaled("step.started", 1);
    journaled("step.finished", 1);
    journaled("step.started", 2);
    journaled("run.recovered", 0);
    journaled("step.started", 2);
    journaled("step.finished", 2);
    assertThat(found(List.of()).steps()).isEqualTo(new Findings.Steps(2, 2, 0, 1));

    journaled("step.started", 1);
    journaled("step.finished", 2);
    assertThat(found(List.of()).steps().repeated()).isEqualTo(2);
  }

  @Test
  void gaps_and_changes_of_the_journal_are_seen() {
    journaled("step.started", 1);
    journaled("step.finished", 1);
    journaled("run.finished", 0);
    List<Entry> before = List.copyOf(journal);
    assertThat(found(before).journal()).isEqualTo(new Findings.Chronicle(3, 0, 0));

    journal.remove(1);
    assertThat(found(before).journal()).isEqualTo(new Findings.Chronicle(2, 1, 1));
  }

  @Test
  void a_doubled_effect_is_seen_in_the_tools_own_ledger() {
    ledger.called("book_courier", "k1", false);
    ledger.happen("book_courier", "k1", "{}");
    ledger.called("book_courier", "k1", false);
    ledger.happen("book_courier", "k1", "{}");
    ledger.called("reserve_stock", "k2", false);
    ledger.happenOnce("reserve_stock", "k2", "{}");
    ledger.called("reserve_stock", "k2", false);
    ledger.happenOnce("reserve_stock", "k2", "{}");

    assertThat(found(List.of()).tools())
        .contains(
            new Findings.ToolUse("book_courier", "unsafe", 1, 2, 2, 0),
            new Findings.ToolUse("reserve_stock", "keyed", 1, 1, 2, 0));
  }

  @Test
  void steps_and_messages_that_wait_for_a_person_are_unknown() {
    runs.add(Json.parse("{\"steps\":[{\"state\":\"unknown\"}]}"));

    assertThat(found(List.of()).unknown()).isEqualTo(new Findings.Unknown(1, 0));
  }

  @Test
  void what_a_stopped_run_left_open_waits_for_nobody() {
    runs.set(0, elsewhere());

    assertThat(found(List.of()).unknown()).isEqualTo(new Findings.Unknown(0, 0));
  }

  private Hands hands() {
    return found(List.of()).hands();
  }

  @Test
  void steps_and_money_after_a_stop_are_seen() {
    journaled("step.started", 1);
    journaled("run.finished", 0);
    assertThat(hands().stops().getFirst().stepsAfter()).isZero();
    assertThat(hands().stops().getFirst().cancelled()).as("state done").isFalse();
    assertThat(hands().stops().getFirst().reservedMicros()).isEqualTo(20_000);

    journaled("step.started", 2);
    assertThat(hands().stops().getFirst().stepsAfter()).isEqualTo(1);
  }

  @Test
  void an_answer_after_the_restart_is_told_from_one_before() {
    journaled("approval.requested", "apr_1", HandsStory.PERMITTED);
    journaled("approval.allowed", "apr_1", HandsStory.PERMITTED);
    assertThat(hands().permission()).isEqualTo(new Hands.Permission(1, 0, 0, 0));

    journal.removeLast();
    journaled("run.recovered", 0);
    journaled("approval.allowed", "apr_1", HandsStory.PERMITTED);
    assertThat(hands().permission()).isEqualTo(new Hands.Permission(1, 1, 0, 0));
  }

  @Test
  void calls_before_and_beyond_the_answer_had_no_permission() {
    journaled("approval.requested", "apr_1", HandsStory.PERMITTED);
    journaled("step.started", "run_2", HandsStory.PERMITTED);
    assertThat(hands().permission().withoutPermission()).as("not answered").isEqualTo(1);

    journaled("approval.allowed", "apr_1", HandsStory.PERMITTED);
    assertThat(hands().permission().withoutPermission()).as("before").isEqualTo(1);
    ledger.called(HandsStory.PERMITTED, "k1", false);
    ledger.called(HandsStory.PERMITTED, "k2", false);
    ledger.called(HandsStory.PERMITTED, "k3", false);
    assertThat(hands().permission().withoutPermission()).as("too often").isEqualTo(2);
  }
}
