package dev.rookery.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.kernel.Json;
import dev.rookery.models.ModelAnswer.Stop;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ScriptedModelTest {
  private static ScriptedModel model(String yaml) {
    return new ScriptedModel(ScriptReader.read("test.yaml", yaml), Duration.ofMillis(20));
  }

  private static ModelAnswer ask(ScriptedModel model, ModelMessage... messages) {
    return model.answer(TestModels.asking(List.of(messages)), _ -> {}, Cancellation.NEVER);
  }

  private static ModelMessage user(String text) {
    return new ModelMessage.User(text);
  }

  private static ModelMessage called(String tool) {
    return new ModelMessage.Assistant("", List.of(new ToolCall("c", tool, Json.object())));
  }

  private static ModelMessage result(String tool, String text) {
    return new ModelMessage.ToolAnswer("c", tool, text, false);
  }

  private static ModelFailure failure(ScriptedModel model, String text) {
    return catchThrowableOfType(ModelFailure.class, () -> ask(model, user(text)));
  }

  private static final String TWO_STEPS =
      """
      model: demo
      rules:
        - when:
            user_text: {matches: 'weather in (?P<place>\\w+)'}
          then:
            text: "Looking at {{place}}."
            tool_calls:
              - tool: get_weather
                arguments: {location: "{{1}}", days: [1, "{{turn}}"], deep: {x: true}}
              - tool: clock
        - when:
            tool_result: {tool: get_weather, contains: rain}
          then:
            text: "{{tool}} says {{tool_result}}; you asked: {{last_user_text|12}}"
            usage: {input: 7, output: 8, cache_read: 9, cache_write: 10}
        - then: {text: "turn {{turn}} of {{model}}"}
      """;

  @Test
  void a_text_is_answered_with_calls_whose_arguments_are_filled_in() {
    ModelAnswer answer = ask(model(TWO_STEPS), user("the weather in Oslo please"));
    assertThat(answer.text()).isEqualTo("Looking at Oslo.");
    assertThat(answer.stop()).isEqualTo(Stop.TOOL_CALLS);
    assertThat(answer.model()).isEqualTo("demo");
    assertThat(answer.calls())
        .containsExactly(
            new ToolCall(
                "call_1_0",
                "get_weather",
                Json.parse("{\"location\":\"Oslo\",\"days\":[1,\"0\"],\"deep\":{\"x\":true}}")),
            new ToolCall("call_1_1", "clock", Json.object()));
  }

  @Test
  void a_tool_result_is_matched_among_all_of_its_turn() {
    ModelAnswer answer =
        ask(
            model(TWO_STEPS),
            user("the weather in Oslo please"),
            called("get_weather"),
            result("get_weather", "rain"),
            result("clock", "12:00"));
    assertThat(answer.text()).isEqualTo("get_weather says rain; you asked: the weather…");
    assertThat(answer.usage()).isEqualTo(new Usage(7, 8, 9, 10));
    assertThat(answer.stop()).isEqualTo(Stop.END);
  }

  @Test
  void a_rule_on_the_users_text_does_not_match_again_after_its_tool() {
    ModelAnswer answer =
        ask(
            model(TWO_STEPS),
            user("weather in Oslo"),
            called("get_weather"),
            result("get_weather", "sun"));
    assertThat(answer.text()).isEqualTo("turn 1 of demo");
  }

  @Test
  void turns_are_counted_from_the_last_user_message() {
    ModelAnswer answer =
        ask(
            model(TWO_STEPS),
            user("one"),
            new ModelMessage.Assistant("a", List.of()),
            user("two"),
            called("x"),
            result("x", "y"),
            called("x"),
            result("x", "y"));
    assertThat(answer.text()).isEqualTo("turn 2 of demo");
  }

  @Test
  void equals_contains_and_system_conditions_hold_together() {
    ScriptedModel model =
        model(
            """
            rules:
              - when:
                  user_text: {equals: Ping, ignore_case: true}
                  system: {contains: brief}
                then: {text: pong}
              - when: {user_text: {contains: "x"}, turn: any}
                then: {text: "has x"}
              - then: {text: "else"}
            """);
    assertThat(ask(model, user(" ping ")).text()).isEqualTo("pong");
    assertThat(ask(model, user("axb"), called("t"), result("t", "r")).text()).isEqualTo("has x");
    assertThat(ask(model, user("b")).text()).isEqualTo("else");
  }

  @Test
  void what_a_user_writes_is_never_a_place() {
    ScriptedModel model = model("rules: [{then: {text: 'You: {{last_user_text}}'}}]");
    assertThat(ask(model, user("{{model}} \uD83D")).text()).isEqualTo("You: {{model}} \uFFFD");
  }

  @Test
  void text_streams_in_pieces_that_make_the_whole() {
    ScriptedModel model = model("rules: [{then: {text: 'a😀b😀c', chunk: 2, pause_ms: 1}}]");
    List<String> deltas = new ArrayList<>();
    ModelAnswer answer = model.answer(TestModels.asking("x"), deltas::add, Cancellation.NEVER);
    assertThat(deltas)
        .hasSizeGreaterThan(2)
        .allMatch(d -> !Character.isHighSurrogate(d.charAt(d.length() - 1)));
    assertThat(String.join("", deltas)).isEqualTo(answer.text()).isEqualTo("a😀b😀c");
  }

  @Test
  void a_failure_happens_so_often_for_each_request_and_then_is_over() {
    ScriptedModel model =
        model(
            """
            rules:
              - then:
                  text: done
                  failure: {kind: rate_limited, times: 2, retry_after_ms: 30}
            """);
    for (int i = 0; i < 2; i++) {
      ModelFailure failure = failure(model, "a");
      assertThat(failure.reason()).isEqualTo(Reason.RATE_LIMITED);
      assertThat(failure.bearing()).isEqualTo(Bearing.OVERLOAD);
      assertThat(failure.retryAfter()).hasMillis(30);
    }
    assertThat(ask(model, user("a")).text()).isEqualTo("done");
    assertThat(failure(model, "b").reason()).isEqualTo(Reason.RATE_LIMITED);
  }

  @Test
  void every_kind_of_failure_has_its_reason() {
    assertThat(of("auth")).isEqualTo(Reason.AUTH);
    assertThat(of("unavailable")).isEqualTo(Reason.UNAVAILABLE);
    assertThat(of("overloaded")).isEqualTo(Reason.UNAVAILABLE);
    assertThat(of("context_overflow")).isEqualTo(Reason.CONTEXT_OVERFLOW);
    assertThat(of("garbage")).isEqualTo(Reason.BAD_OUTPUT);
    assertThat(of("stall")).isEqualTo(Reason.UNAVAILABLE);
    assertThat(of("drop")).isEqualTo(Reason.UNAVAILABLE);
  }

  private static Reason of(String kind) {
    return failure(model("rules: [{then: {failure: {kind: " + kind + "}}}]"), "x").reason();
  }

  @Test
  void a_dropped_answer_streams_its_first_half() {
    ScriptedModel model = model("rules: [{then: {text: abcdef, failure: {kind: drop}}}]");
    List<String> deltas = new ArrayList<>();
    var _ =
        catchThrowableOfType(
            ModelFailure.class,
            () -> model.answer(TestModels.asking("x"), deltas::add, Cancellation.NEVER));
    assertThat(deltas).containsExactly("abc");
  }

  @Test
  void a_delay_ends_at_once_when_the_call_is_cancelled() throws Exception {
    ScriptedModel model = model("rules: [{then: {text: late, delay_ms: 600000}}]");
    ManualCancellation cancellation = new ManualCancellation();
    CompletableFuture<ModelFailure> end =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowableOfType(
                    ModelFailure.class,
                    () -> model.answer(TestModels.asking("x"), _ -> {}, cancellation)));
    cancellation.cancel();
    assertThat(end.get(10, TimeUnit.SECONDS).reason()).isEqualTo(Reason.CANCELLED);
  }

  @Test
  void a_request_that_no_rule_matches_is_not_tried_again() {
    ScriptedModel model = model("rules: [{when: {user_text: {equals: a}}, then: {text: b}}]");
    ModelFailure failure = failure(model, "c");
    assertThat(failure.retryable()).isFalse();
    assertThat(failure).hasMessageContaining("No rule").hasMessageContaining("turn 0");
  }

  @Test
  void the_same_request_gives_the_same_answer_from_a_fresh_model() {
    ModelMessage[] messages = {user("weather in Rome"), called("t"), result("get_weather", "rain")};
    assertThat(ask(model(TWO_STEPS), messages)).isEqualTo(ask(model(TWO_STEPS), messages));
  }
}
