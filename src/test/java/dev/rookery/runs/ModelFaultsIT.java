package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import dev.rookery.models.FakeProvider;
import dev.rookery.models.ModelMessage;
import dev.rookery.store.Engine;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.TestDatabases;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider that misbehaves, and what becomes of the runs that ask it. */
final class ModelFaultsIT {
  private static final String DONE = "data: [DONE]\n\n";

  private final TestDatabase db = TestDatabases.fresh(Engine.SQLITE);
  private final FakeProvider provider = new FakeProvider();
  private final Colony colony =
      new Colony(
          db.database(),
          Map.of(
              "OPENAI_BASE_URL", provider.url() + "/v1",
              "OPENAI_API_KEY", "sk-test-1234567890",
              "ROOKERY_MODEL", "openai/m",
              "ROOKERY_MODEL_STALL_SECONDS", "1"));
  private final Agent rook = colony.dispatching().agent("rook");
  private final RunWorkers workers = colony.working();

  @AfterEach
  void close() throws Exception {
    colony.close();
    provider.close();
    db.close();
  }

  private static String piece(String text) {
    var chunk = Json.object().put("id", "x").put("model", "m");
    chunk.putArray("choices").addObject().put("index", 0).putObject("delta").put("content", text);
    return "data: " + Json.write(chunk) + "\n\n";
  }

  private static String stop() {
    var chunk = Json.object().put("id", "x").put("model", "m");
    var choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.put("finish_reason", "stop").putObject("delta");
    return "data: " + Json.write(chunk) + "\n\n";
  }

  private void answers(String text) {
    provider.thenSse(piece(text), stop(), DONE);
  }

  private void refuses(int status, String code) {
    var body = Json.object();
    body.putObject("error").put("code", code).put("message", "refused for the test");
    provider.thenStatus(status, Map.of("Content-Type", "application/json"), Json.write(body));
  }

  private RunId tell(String text) {
    return colony.runOf(colony.tell(rook, "chat", text));
  }

  private void untilParked(RunId run, String reason) {
    colony.until(
        "it is parked for " + reason, () -> reason.equals(colony.run(run).status().waitReason()));
  }

  /** Time passes until the run is over. */
  private Run inTime(RunId run) {
    colony.until(
        "it is over",
        () -> {
          db.clock().advance(Duration.ofSeconds(2));
          return colony.run(run).status().state().over();
        });
    return colony.run(run);
  }

  @Test
  void a_rate_limit_parks_the_run_without_a_thread_and_it_goes_on() {
    refuses(429, "rate_limit_exceeded");
    RunId run = tell("hello");
    untilParked(run, "model_rate_limited");

    colony.until("no thread is held", () -> workers.active() == 0);
    assertThat(colony.run(run).status().state()).isEqualTo(RunState.RUNNING);
    assertThat(colony.run(run).lease().owner()).isNull();
    answers("there you are");

    assertThat(inTime(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(provider.seen).hasSize(2);
    assertThat(colony.said("chat")).containsExactly("there you are");
  }

  @Test
  void a_rate_limit_that_never_ends_is_ended_by_the_deadline() {
    refuses(429, "rate_limit_exceeded");
    RunId run = tell("hello");
    untilParked(run, "model_rate_limited");

    db.clock().advance(Duration.ofHours(25));

    assertThat(colony.over(run).status().failureReason()).isEqualTo("deadline");
    assertThat(colony.said("chat")).singleElement().asString().contains("`deadline`");
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded, model_unavailable",
    "stall, model_unavailable",
    "drop, model_unavailable",
    "garbage, model_bad_output",
    "empty, model_unavailable"
  })
  void a_passing_fault_delays_the_answer_and_leaves_no_half_of_it(String fault, String reason) {
    switch (fault) {
      case "overloaded" -> refuses(529, "overloaded");
      case "stall" -> provider.thenStall(piece("half an ans"));
      case "drop" -> provider.thenDrop(piece("half an ans"));
      case "garbage" -> provider.thenSse("data: {\"choices\": [not json\n\n");
      case "empty" -> provider.then((socket, _) -> socket.close());
      default -> throw new AssertionError(fault);
    }
    RunId run = tell("hello");
    untilParked(run, reason);
    answers("the whole answer");

    assertThat(inTime(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(colony.said("chat")).containsExactly("the whole answer");
    Runs.Detail detail = colony.house().runs.detail(colony.org(), run);
    assertThat(detail.said())
        .containsExactly(
            new ModelMessage.User("hello"),
            new ModelMessage.Assistant("the whole answer", List.of()));
    assertThat(detail.steps().getFirst().step().attempts()).isEqualTo(2);
  }

  @Test
  void answers_that_cannot_be_used_again_and_again_fail_the_run() {
    for (int i = 0; i < 3; i++) {
      provider.thenSse("data: {\"choices\": [not json\n\n");
    }

    Run over = inTime(tell("hello"));

    assertThat(over.status().failureReason()).isEqualTo("model_bad_output");
    assertThat(provider.seen).hasSize(3);
    assertThat(colony.said("chat")).singleElement().asString().contains("`model_bad_output`");
  }

  @Test
  void a_refused_key_fails_the_run_at_once_with_one_notice_and_without_the_key() {
    refuses(401, "invalid_api_key");

    Run over = colony.over(tell("hello"));

    assertThat(over.status().failureReason()).isEqualTo("model_auth");
    assertThat(provider.seen).hasSize(1);
    assertThat(colony.said("chat"))
        .singleElement()
        .asString()
        .contains("`model_auth`", over.id().value())
        .doesNotContain("sk-test");
  }

  @Test
  void after_an_overflow_the_past_is_left_out_step_by_step() {
    for (String word : List.of("one", "two", "three")) {
      answers("re " + word);
      assertThat(colony.over(tell(word)).status().state()).isEqualTo(RunState.DONE);
    }
    refuses(400, "context_length_exceeded");
    refuses(400, "context_length_exceeded");
    answers("that fits");

    RunId run = tell("now");

    assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
    assertThat(provider.seen.subList(3, 6).stream().map(ModelFaultsIT::turns))
        .as("user and assistant messages shown")
        .containsExactly(7L, 3L, 1L);
    assertThat(colony.said("chat").getLast()).isEqualTo("that fits");
  }

  private static long turns(FakeProvider.Seen seen) {
    long turns = 0;
    for (var message : seen.body().path("messages")) {
      turns += message.path("role").asText().equals("system") ? 0 : 1;
    }
    return turns;
  }

  @Test
  void an_overflow_of_this_run_alone_fails_it_with_what_to_do() {
    refuses(400, "context_length_exceeded");

    Run over = colony.over(tell("hello"));

    assertThat(over.status().failureReason()).isEqualTo("model_context_overflow");
    assertThat(colony.said("chat")).singleElement().asString().contains("/clear");
  }
}
