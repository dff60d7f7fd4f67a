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
        {"conversation":"%s","state":"%s","steps":[{"state":"done"},{"state":"done"}]}
        """
            .formatted(CONVERSATION, state));
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
    Evidence.Seen seen = new Evidence.Seen(Map.of(LINE, List.of(200, 200)), 401, List.of(), tail);
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
    runs.clear();
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
    runs.set(0, Json.parse("{\"steps\":[{\"state\":\"unknown\"}]}"));

    assertThat(found(List.of()).unknown()).isEqualTo(new Findings.Unknown(1, 0));
  }
}
