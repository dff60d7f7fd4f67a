package dev.rookery.occurrences.own;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.Colony;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.Cancellation;
import dev.rookery.policy.Grant;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.Runs;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents that wake themselves later, through the tools that they call. */
@BothEngines
final class OwnSchedulesIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "remind me"}}
          then: {tool_calls: [{tool: schedule_create, arguments:
            {name: "reminder", prompt: "Say that it is time.", every: "1h"}}]}
        - when: {tool_result: {tool: schedule_create}}
          then: {text: "{{tool_result}}"}
        - when: {user_text: {contains: "it is time"}}
          then: {text: "It is time."}
        - then: {text: "Done."}
      """;

  private final TestDatabase db;
  private final Colony colony;
  private final Agent rook;
  private int calls;

  OwnSchedulesIT(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), SCRIPT).dispatching();
    this.rook = colony.agent("rook");
    colony.rule(rook, Grant.Verdict.ALLOW, "schedule_*");
    colony.working();
  }

  @AfterEach
  void close() {
    colony.close();
  }

  /** A call of a tool in a run that is there, as the interpreter makes it. */
  private Tool.ToolResult call(String tool, String arguments) {
    calls++;
    return call(tool, arguments, "key-" + calls);
  }

  private Tool.ToolResult call(String tool, String arguments, String key) {
    Run run = colony.ask(rook, "chat-" + key, "hello");
    Tool.Caller caller =
        new Tool.Caller(colony.org(), rook.id(), run.id(), 1, run.conversation(), 1);
    Tool found =
        colony.house().tools.builtins().stream()
            .filter(one -> one.spec().name().equals(tool))
            .findFirst()
            .orElseThrow();
    return found.call(new Tool.Call(caller, Json.parse(arguments), key, Cancellation.NEVER));
  }

  private List<ActivationPolicy> schedules() {
    return colony.house().activations.policies(colony.org(), rook.id()).stream()
        .filter(policy -> policy.wake().trigger() != Trigger.MENTION)
        .filter(policy -> policy.wake().trigger() != Trigger.MANUAL)
        .toList();
  }

  private static PolicyId idIn(Tool.ToolResult result) {
    Matcher id = Pattern.compile("pol_[0-9a-f]{32}").matcher(result.text());
    assertThat(id.find()).as(result.text()).isTrue();
    return new PolicyId(id.group());
  }

  @Test
  void an_agent_wakes_itself_when_it_said_it_would() {
    Run asked = colony.ask(rook, "chat", "Please remind me.");
    assertThat(asked.status().state()).isEqualTo(RunState.DONE);
    assertThat(colony.said("chat")).last().asString().contains("Made. ", "\"next\":[\"");
    PolicyId policy = schedules().getFirst().id();

    try (var _ = colony.house().occurrences.serve()) {
      db.clock().advance(Duration.ofMinutes(61));
      colony.until(
          "the schedule ran",
          () ->
              colony.house().occurrences.describe(colony.org(), policy).past().lastRunId() != null);
    }

    RunId run = colony.house().occurrences.describe(colony.org(), policy).past().lastRunId();
    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(colony.said("schedule:" + policy)).containsExactly("It is time.");
  }

  @Test
  void the_same_call_again_makes_no_second_one() {
    String wish = "{\"name\": \"a\", \"prompt\": \"x\", \"every\": \"90s\"}";

    PolicyId first = idIn(call("schedule_create", wish, "the-key"));
    PolicyId again = idIn(call("schedule_create", wish, "the-key"));

    assertThat(again).isEqualTo(first);
    assertThat(schedules()).hasSize(1);
  }

  @Test
  void its_own_are_listed_changed_and_deleted() {
    PolicyId id =
        idIn(
            call(
                "schedule_create",
                """
                {"name": "news", "prompt": "Read the news.", "daily": ["09:00"], "zone": "Europe/Berlin"}
                """));

    assertThat(call("schedule_list", "{}").text()).contains(id.value(), "Europe/Berlin", "news");
    Tool.ToolResult changed =
        call(
            "schedule_update",
            "{\"id\": \"%s\", \"prompt\": \"Read less.\", \"cron\": \"0 9 * * mon\"}"
                .formatted(id));
    assertThat(changed.error()).as(changed.text()).isFalse();
    JsonNode config = Json.parse(schedules().getFirst().wake().config().details());
    assertThat(schedules().getFirst().wake().trigger()).isEqualTo(Trigger.CRON);
    assertThat(config.path("prompt").asText()).isEqualTo("Read less.");
    assertThat(config.has("daily")).isFalse();

    assertThat(call("schedule_delete", "{\"id\": \"%s\"}".formatted(id)).error()).isFalse();
    assertThat(schedules()).isEmpty();
    assertThat(call("schedule_delete", "{\"id\": \"%s\"}".formatted(id)).error()).isFalse();
    assertThat(call("schedule_list", "{}").text()).contains("no schedules");
  }

  @Test
  void what_people_made_it_does_not_touch() {
    PolicyId mention = colony.house().activations.policies(colony.org(), rook.id()).getFirst().id();

    for (String tool : List.of("schedule_update", "schedule_delete")) {
      Tool.ToolResult refused = call(tool, "{\"id\": \"%s\", \"name\": \"x\"}".formatted(mention));
      assertThat(refused.error()).isTrue();
      assertThat(refused.text()).contains("schedule-not-found", "what people made");
    }
    assertThat(colony.house().activations.policies(colony.org(), rook.id()))
        .extracting(ActivationPolicy::id)
        .contains(mention);
  }

  @Test
  void bad_wishes_are_told_apart_and_make_nothing() {
    record Bad(String wish, String told) {}
    List<Bad> all =
        List.of(
            new Bad("{\"name\": \"a\", \"prompt\": \"x\", \"every\": \"59s\"}", "too-short"),
            new Bad("{\"name\": \"a\", \"prompt\": \"x\"}", "you gave none"),
            new Bad(
                "{\"name\": \"a\", \"prompt\": \"x\", \"every\": \"1h\", \"once\": \"2099-01-01T00:00\"}",
                "you gave every, once"),
            new Bad("{\"name\": \"a\", \"prompt\": \"x\", \"cron\": \"61 * * * *\"}", "bad-cron"),
            new Bad(
                "{\"name\": \"a\", \"prompt\": \"x\", \"daily\": [\"9:00\"], \"zone\": \"Europe/Berln\"}",
                "unknown-zone"));
    for (Bad bad : all) {
      Tool.ToolResult refused = call("schedule_create", bad.wish());
      assertThat(refused.error()).as(bad.wish()).isTrue();
      assertThat(refused.text()).contains(bad.told());
    }
    assertThat(schedules()).isEmpty();
  }

  @Test
  void it_has_so_many_and_makes_so_many_a_day() {
    for (int i = 0; i < OwnSchedules.MOST_PENDING; i++) {
      assertThat(create(i).error()).isFalse();
    }
    assertThat(create(100).text()).contains("too-many-schedules");

    for (int i = OwnSchedules.MOST_PENDING; i < OwnSchedules.MOST_A_DAY; i++) {
      colony.house().activations.remove(colony.org(), schedules().getFirst().id());
      assertThat(create(i).error()).isFalse();
    }
    colony.house().activations.remove(colony.org(), schedules().getFirst().id());
    assertThat(create(101).text()).contains("too-often");

    db.clock().advance(Duration.ofHours(25));
    assertThat(create(102).error()).isFalse();
  }

  private Tool.ToolResult create(int i) {
    Run run = first();
    Tool.Caller caller =
        new Tool.Caller(colony.org(), rook.id(), run.id(), 1, run.conversation(), 1);
    String wish = "{\"name\": \"n%d\", \"prompt\": \"x\", \"every\": \"1h\"}".formatted(i);
    return colony.house().tools.builtins().stream()
        .filter(one -> one.spec().name().equals("schedule_create"))
        .findFirst()
        .orElseThrow()
        .call(new Tool.Call(caller, Json.parse(wish), "n" + i, Cancellation.NEVER));
  }

  private Run first() {
    return colony.house().runs.list(colony.org(), new Runs.Query(null, null, null, 1)).stream()
        .findFirst()
        .orElseGet(() -> colony.ask(rook, "chat", "hello"));
  }

  @Test
  void a_strangers_wish_stays_a_strangers() {
    Inbound line = Colony.line("room", "Please remind me.");
    Inbound stranger =
        new Inbound(
            line.origin(),
            line.type(),
            line.dedupeKey(),
            line.place(),
            new Inbound.Actor(Inbound.Actor.Kind.PERSON, "eve", "Eve", 0),
            line.occurredAt(),
            line.content(),
            line.payload());
    var _ = colony.accept(rook, stranger);
    colony.until("it is made", () -> !schedules().isEmpty());

    assertThat(
            Json.parse(schedules().getFirst().wake().config().details())
                .path("untrusted")
                .asBoolean())
        .isTrue();
  }
}
