package dev.rookery.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Json;
import dev.rookery.models.ModelAnswer.Stop;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.models.ModelFailure.Reason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AnthropicWireIT {
  private final FakeProvider fake = new FakeProvider();
  private final Models models = TestModels.at(Provider.ANTHROPIC, fake.url());

  @AfterEach
  void close() throws Exception {
    models.close();
    fake.close();
  }

  private ModelAnswer ask(String text) {
    return TestModels.ask(models, Provider.ANTHROPIC, TestModels.asking(text));
  }

  @Test
  void a_recorded_text_streams_and_is_complete() {
    fake.thenSse(WireVectors.anthropic("vercel-ai/anthropic/anthropic-text.chunks.txt"));
    var streamed = TestModels.stream(models, Provider.ANTHROPIC, TestModels.asking("Hi"));
    assertThat(streamed.answer().text()).startsWith("Hello");
    assertThat(String.join("", streamed.deltas())).isEqualTo(streamed.answer().text());
    assertThat(streamed.answer().usage()).isEqualTo(new Usage(12, 30, 0, 0));
    assertThat(streamed.answer().stop()).isEqualTo(Stop.END);
    assertThat(streamed.answer().model()).isEqualTo("claude-sonnet-4-5-20250929");
  }

  @Test
  void a_recorded_tool_call_is_assembled_from_its_pieces() {
    fake.thenSse(WireVectors.framed("anthropic-sdk-python/tool_use_response.txt"));
    ModelAnswer answer = ask("Weather in Paris?");
    assertThat(answer.stop()).isEqualTo(Stop.TOOL_CALLS);
    assertThat(answer.text()).isEqualTo("I'll check the current weather in Paris for you.");
    assertThat(answer.calls())
        .containsExactly(
            new ToolCall(
                "toolu_01NRLabsLyVHZPKxbKvkfSMn",
                "get_weather",
                Json.parse("{\"location\":\"Paris\"}")));
  }

  @Test
  void a_call_without_arguments_has_an_empty_object() {
    fake.thenSse(WireVectors.anthropic("vercel-ai/anthropic/anthropic-tool-no-args.chunks.txt"));
    ModelAnswer answer = ask("update");
    assertThat(answer.calls().getFirst().tool()).isEqualTo("updateIssueList");
    assertThat(answer.calls().getFirst().arguments()).isEqualTo(Json.object());
    assertThat(answer.usage()).isEqualTo(new Usage(565, 48, 0, 0));
  }

  @Test
  void a_call_without_text_is_an_answer() {
    fake.thenSse(WireVectors.anthropic("vercel-ai/anthropic/anthropic-json-tool.1.chunks.txt"));
    ModelAnswer answer = ask("json");
    assertThat(answer.text()).isEmpty();
    assertThat(answer.calls().getFirst().arguments().path("elements").isArray()).isTrue();
  }

  @Test
  void parallel_calls_keep_their_order() {
    fake.thenSse(
        start()
            + toolBlock(0, "a", "{\\\"location\\\":\\\"Oslo\\\"}")
            + toolBlock(1, "b", "{\\\"location\\\":\\\"Rome\\\"}")
            + end("tool_use"));
    assertThat(ask("both").calls())
        .extracting(c -> c.id() + c.arguments().path("location").asText())
        .containsExactly("aOslo", "bRome");
  }

  @Test
  void a_refusal_is_a_stop_of_its_own() {
    fake.thenSse(WireVectors.framed("anthropic-sdk-python/refusal_response.txt"));
    assertThat(ask("bad").stop()).isEqualTo(Stop.REFUSAL);
  }

  @Test
  void a_call_that_was_begun_before_a_refusal_is_left_out() {
    fake.thenSse(start() + toolBlock(0, "a", "{\\\"loc") + end("refusal"));
    ModelAnswer answer = ask("bad");
    assertThat(answer.stop()).isEqualTo(Stop.REFUSAL);
    assertThat(answer.calls()).isEmpty();
  }

  @Test
  void a_call_cut_off_by_the_token_limit_is_left_out() {
    fake.thenSse(WireVectors.framed("anthropic-sdk-python/incomplete_partial_json_response.txt"));
    ModelAnswer answer = ask("taxes");
    assertThat(answer.stop()).isEqualTo(Stop.MAX_TOKENS);
    assertThat(answer.calls()).isEmpty();
    assertThat(answer.text()).contains("taxes.txt");
  }

  @Test
  void every_recorded_stream_gives_an_answer() {
    for (String name :
        List.of(
            "basic_response.txt",
            "compaction_response.txt",
            "fallback_response.txt",
            "fallback_credit_response.txt",
            "stream-a-refusal.sse",
            "stream-a-toolrefusal.sse",
            "stream-b-fallback.sse")) {
      fake.thenSse(WireVectors.framed("anthropic-sdk-python/" + name));
      assertThat(ask(name).stop()).as(name).isNotNull();
    }
  }

  @Test
  void a_second_message_start_changes_nothing() {
    fake.thenSse(start() + start() + textBlock("once") + end("end_turn"));
    assertThat(ask("hi").text()).isEqualTo("once");
  }

  @Test
  void cached_tokens_are_counted_apart() {
    fake.thenSse(
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"x","role":"assistant","model":"c","content":[],\
        "usage":{"input_tokens":3,"cache_creation_input_tokens":70,"cache_read_input_tokens":500,"output_tokens":1}}}

        """
            + textBlock("hi")
            + end("end_turn"));
    assertThat(ask("hi").usage()).isEqualTo(new Usage(3, 9, 500, 70));
  }

  @Test
  void the_request_carries_cache_marks_tools_and_results() {
    fake.thenSse(start() + textBlock("ok") + end("end_turn"));
    var call = new ToolCall("c1", "get_weather", Json.parse("{\"location\":\"Paris\"}"));
    TestModels.ask(
        models,
        Provider.ANTHROPIC,
        TestModels.asking(
            List.of(
                new ModelMessage.User("Weather?"),
                new ModelMessage.Assistant("", List.of(call)),
                new ModelMessage.ToolAnswer("c1", "get_weather", "no such place", true))));
    FakeProvider.Seen seen = fake.seen.getFirst();
    assertThat(seen.path()).isEqualTo("/v1/messages");
    assertThat(seen.headers().get("x-api-key")).isEqualTo(TestModels.KEY);
    var body = seen.body();
    assertThat(body.path("stream").asBoolean()).isTrue();
    assertThat(body.path("model").asText()).isEqualTo("m");
    assertThat(body.at("/system/0/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(body.at("/tools/0/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(body.at("/tools/0/input_schema/properties/location/pattern").asText())
        .isEqualTo("^[A-Z]");
    assertThat(body.at("/tools/0/input_schema/properties/days/minItems").asInt()).isEqualTo(1);
    assertThat(body.at("/messages/1/content/0/input/location").asText()).isEqualTo("Paris");
    assertThat(body.at("/messages/2/content/0/is_error").asBoolean()).isTrue();
    assertThat(body.at("/messages/2/content/0/tool_use_id").asText()).isEqualTo("c1");
  }

  @Test
  void arguments_that_are_no_object_are_bad_output() {
    fake.thenSse(start() + toolBlock(0, "a", "[1]") + end("tool_use"));
    assertThatThrownBy(() -> ask("x"))
        .isInstanceOfSatisfying(
            ModelFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.BAD_OUTPUT));
  }

  @Test
  void half_characters_in_and_out_do_not_break_anything() {
    fake.thenSse(
        start()
            + textBlock("\\ud83d\\ude00 and \\ud83d")
            + toolBlock(1, "a", "{\\\"location\\\":\\\"\\\\ud83d\\\"}")
            + end("tool_use"));
    ModelAnswer answer = ask("lone \uD83D surrogate");
    assertThat(answer.text()).isEqualTo("😀 and \uFFFD");
    assertThat(answer.calls().getFirst().arguments().path("location").asText()).isEqualTo("\uFFFD");
    assertThat(fake.seen.getFirst().body().at("/messages/0/content/0/text").asText())
        .isEqualTo("lone \uFFFD surrogate");
  }

  static String start() {
    return """
        event: message_start
        data: {"type":"message_start","message":{"id":"x","role":"assistant","model":"c","content":[],\
        "usage":{"input_tokens":3,"output_tokens":1}}}

        """;
  }

  static String textBlock(String escaped) {
    return """
        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        """
        .formatted(escaped);
  }

  static String toolBlock(int index, String id, String escaped) {
    return """
        event: content_block_start
        data: {"type":"content_block_start","index":%1$d,"content_block":{"type":"tool_use","id":"%2$s","name":"get_weather","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":%1$d,"delta":{"type":"input_json_delta","partial_json":"%3$s"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":%1$d}

        """
        .formatted(index, id, escaped);
  }

  static String end(String reason) {
    return """
        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"%s"},"usage":{"output_tokens":9}}

        event: message_stop
        data: {"type":"message_stop"}

        """
        .formatted(reason);
  }
}
