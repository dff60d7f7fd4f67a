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

final class OpenAiWireIT {
  private final FakeProvider fake = new FakeProvider();
  private final Models models = TestModels.at(Provider.OPENAI, fake.url() + "/v1");

  @AfterEach
  void close() throws Exception {
    models.close();
    fake.close();
  }

  private ModelAnswer ask(String text) {
    return TestModels.ask(models, Provider.OPENAI, TestModels.asking(text));
  }

  @Test
  void a_recorded_text_streams_and_is_complete() {
    fake.thenSse(WireVectors.openAi("vercel-ai/openai-chat/openai-text.chunks.txt"));
    var streamed = TestModels.stream(models, Provider.OPENAI, TestModels.asking("Hi"));
    assertThat(streamed.deltas()).hasSizeGreaterThan(100);
    assertThat(String.join("", streamed.deltas())).isEqualTo(streamed.answer().text());
    assertThat(streamed.answer().text()).startsWith("**Holiday");
    assertThat(streamed.answer().usage()).isEqualTo(new Usage(16, 300, 0, 0));
    assertThat(streamed.answer().stop()).isEqualTo(Stop.END);
    assertThat(streamed.answer().model()).isEqualTo("gpt-4.1-nano-2025-04-14");
  }

  @Test
  void parallel_calls_are_assembled_by_index() {
    fake.thenSse(
        chunk(
            "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"\"}}]}"),
        chunk(
            "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"location\\\":\"}}]}"),
        chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Oslo\\\"}\"}}]}"),
        chunk(
            "{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"\"}}]}"),
        finish("tool_calls"),
        "data: [DONE]\n\n");
    ModelAnswer answer = ask("both");
    assertThat(answer.stop()).isEqualTo(Stop.TOOL_CALLS);
    assertThat(answer.calls())
        .containsExactly(
            new ToolCall("a", "get_weather", Json.parse("{\"location\":\"Oslo\"}")),
            new ToolCall("b", "get_weather", Json.object()));
  }

  @Test
  void cached_tokens_are_counted_apart() {
    fake.thenSse(
        chunk("{\"content\":\"hi\"}"),
        finish("stop"),
        "data: {\"id\":\"x\",\"model\":\"g\",\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":5,\"total_tokens\":105,\"prompt_tokens_details\":{\"cached_tokens\":64}}}\n\n",
        "data: [DONE]\n\n");
    assertThat(ask("hi").usage()).isEqualTo(new Usage(36, 5, 64, 0));
  }

  @Test
  void a_call_under_the_name_of_a_plain_stop_is_a_call() {
    fake.thenSse(
        chunk(
            "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"get_weather\",\"arguments\":\"{}\"}}]}"),
        finish("stop"),
        "data: [DONE]\n\n");
    ModelAnswer answer = ask("x");
    assertThat(answer.stop()).isEqualTo(Stop.TOOL_CALLS);
    assertThat(answer.calls().getFirst().id()).isEqualTo("call_1_0");
  }

  @Test
  void an_id_that_is_repeated_with_every_piece_is_one_id() {
    fake.thenSse(
        chunk(
            "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"{\"}}]}"),
        chunk("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"}\"}}]}"),
        finish("tool_calls"),
        "data: [DONE]\n\n");
    assertThat(ask("x").calls().getFirst().id()).isEqualTo("a");
  }

  @Test
  void a_refusal_carries_its_text() {
    fake.thenSse(chunk("{\"refusal\":\"No.\"}"), finish("stop"), "data: [DONE]\n\n");
    ModelAnswer answer = ask("x");
    assertThat(answer.stop()).isEqualTo(Stop.REFUSAL);
    assertThat(answer.text()).isEqualTo("No.");
  }

  @Test
  void a_stream_without_done_is_complete_after_its_finish_reason() {
    fake.thenSse(chunk("{\"content\":\"hi\"}"), finish("stop"));
    assertThat(ask("x").text()).isEqualTo("hi");
  }

  @Test
  void calls_that_were_announced_and_not_sent_are_bad_output() {
    fake.thenSse(chunk("{\"content\":\"hi\"}"), finish("tool_calls"), "data: [DONE]\n\n");
    assertThatThrownBy(() -> ask("x"))
        .isInstanceOfSatisfying(
            ModelFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.BAD_OUTPUT));
  }

  @Test
  void the_request_carries_tools_results_and_limits() {
    fake.thenSse(chunk("{\"content\":\"ok\"}"), finish("stop"), "data: [DONE]\n\n");
    var call = new ToolCall("c1", "get_weather", Json.parse("{\"location\":\"Paris\"}"));
    TestModels.ask(
        models,
        Provider.OPENAI,
        TestModels.asking(
            List.of(
                new ModelMessage.User("Weather?"),
                new ModelMessage.Assistant("Let me see.", List.of(call)),
                new ModelMessage.ToolAnswer("c1", "get_weather", "rain", false))));
    FakeProvider.Seen seen = fake.seen.getFirst();
    assertThat(seen.path()).isEqualTo("/v1/chat/completions");
    assertThat(seen.headers().get("authorization")).isEqualTo("Bearer " + TestModels.KEY);
    var body = seen.body();
    assertThat(body.at("/stream_options/include_usage").asBoolean()).isTrue();
    assertThat(body.path("max_tokens").asInt()).isEqualTo(4096);
    assertThat(body.at("/messages/0/role").asText()).isEqualTo("system");
    assertThat(body.at("/messages/2/tool_calls/0/function/arguments").asText())
        .isEqualTo("{\"location\":\"Paris\"}");
    assertThat(body.at("/messages/3/tool_call_id").asText()).isEqualTo("c1");
    assertThat(body.at("/tools/0/function/parameters/properties/location/pattern").asText())
        .isEqualTo("^[A-Z]");
  }

  @Test
  void ollama_is_spoken_to_under_v1_and_lists_its_models() {
    fake.thenBody("application/json", "{\"models\":[{\"name\":\"llama3.2:1b\"}]}")
        .thenSse(chunk("{\"content\":\"hi\"}"), finish("stop"), "data: [DONE]\n\n");
    try (Models ollama = TestModels.at(Provider.OLLAMA, fake.url())) {
      ModelChoice choice = ollama.choose(null, null);
      assertThat(choice).isEqualTo(new ModelChoice(Provider.OLLAMA, "llama3.2:1b"));
      ollama.answer(choice, TestModels.asking("x"), _ -> {}, Cancellation.NEVER);
    }
    assertThat(fake.seen)
        .extracting(FakeProvider.Seen::path)
        .containsExactly("/api/tags", "/v1/chat/completions");
    assertThat(fake.seen.getLast().body().path("model").asText()).isEqualTo("llama3.2:1b");
  }

  static String chunk(String delta) {
    return "data: {\"id\":\"x\",\"model\":\"g\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":null}]}\n\n";
  }

  static String finish(String reason) {
    return "data: {\"id\":\"x\",\"model\":\"g\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
        + reason
        + "\"}]}\n\n";
  }
}
