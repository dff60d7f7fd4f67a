package dev.rookery.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import dev.rookery.models.ModelSettings.Exchanges;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WireFaultsIT {
  private static final String BEGUN =
      AnthropicWireIT.start()
          + """
          event: content_block_start
          data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

          event: content_block_delta
          data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"half an ans"}}

          """;

  private final FakeProvider fake = new FakeProvider();
  private final Models models = TestModels.at(Provider.ANTHROPIC, fake.url());

  @AfterEach
  void close() throws Exception {
    models.close();
    fake.close();
  }

  private ModelFailure failure() {
    return failure(models, Provider.ANTHROPIC);
  }

  private static ModelFailure failure(Models models, Provider provider) {
    ModelFailure failure =
        catchThrowableOfType(
            ModelFailure.class,
            () -> TestModels.ask(models, provider, TestModels.asking("secret")));
    assertThat(failure).isNotNull();
    assertThat(failure.getMessage()).doesNotContain(TestModels.KEY, "secret");
    return failure;
  }

  private void fails(Reason reason, Bearing bearing) {
    ModelFailure failure = failure();
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.bearing()).isEqualTo(bearing);
  }

  private static String error(String type, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
        .formatted(type, message);
  }

  @Test
  void a_refused_key_is_auth_and_is_not_quoted() {
    fake.thenStatus(401, Map.of(), error("authentication_error", "bad key " + TestModels.KEY));
    fails(Reason.AUTH, Bearing.REJECTED);
  }

  @Test
  void a_rate_limit_says_how_long_and_blocks_the_next_call() {
    fake.thenStatus(429, Map.of("Retry-After", "7"), error("rate_limit_error", "slow down"));
    ModelFailure first = failure();
    assertThat(first.reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(first.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    ModelFailure second = failure();
    assertThat(second.reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(second.bearing()).isEqualTo(Bearing.BLOCKED);
    assertThat(second.retryAfter()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
    assertThat(fake.seen).hasSize(1);
  }

  @Test
  void retry_after_may_be_a_date_or_milliseconds() {
    fake.thenStatus(
        503,
        Map.of(
            "Date", "Sun, 06 Nov 1994 08:49:37 GMT",
            "Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT"),
        "");
    assertThat(failure().retryAfter()).isEqualTo(Duration.ofSeconds(30));
    try (Models fresh = TestModels.at(Provider.ANTHROPIC, fake.url())) {
      fake.thenStatus(429, Map.of("retry-after-ms", "1500", "retry-after", "9"), "");
      assertThat(failure(fresh, Provider.ANTHROPIC).retryAfter())
          .isEqualTo(Duration.ofMillis(1500));
    }
  }

  @Test
  void an_overloaded_provider_opens_the_breaker() {
    fake.thenStatus(529, Map.of(), error("overloaded_error", "Overloaded"));
    fails(Reason.UNAVAILABLE, Bearing.OVERLOAD);
    fails(Reason.UNAVAILABLE, Bearing.BLOCKED);
  }

  @Test
  void a_server_error_is_unavailable_and_blocks_nobody() {
    fake.thenStatus(500, Map.of(), "<html>oops</html>").thenStatus(502, Map.of(), "");
    fails(Reason.UNAVAILABLE, Bearing.ATTEMPT);
    fails(Reason.UNAVAILABLE, Bearing.ATTEMPT);
  }

  @Test
  void a_prompt_that_is_too_long_is_a_context_overflow() {
    fake.thenStatus(
            400,
            Map.of(),
            error("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"))
        .thenStatus(413, Map.of(), error("request_too_large", "Request exceeds the maximum size"));
    fails(Reason.CONTEXT_OVERFLOW, Bearing.REJECTED);
    fails(Reason.CONTEXT_OVERFLOW, Bearing.REJECTED);
  }

  @Test
  void openai_says_context_overflow_by_its_code() {
    fake.thenStatus(
        400,
        Map.of(),
        "{\"error\":{\"message\":\"This model's maximum\",\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}");
    try (Models openAi = TestModels.at(Provider.OPENAI, fake.url())) {
      assertThat(failure(openAi, Provider.OPENAI).reason()).isEqualTo(Reason.CONTEXT_OVERFLOW);
    }
  }

  @Test
  void the_recorded_quota_error_delays_and_names_the_account() {
    fake.thenStatus(
        429, Map.of(), WireVectors.text("vercel-ai/openai-responses/openai-error.1.json"));
    try (Models openAi = TestModels.at(Provider.OPENAI, fake.url())) {
      ModelFailure failure = failure(openAi, Provider.OPENAI);
      assertThat(failure.reason()).isEqualTo(Reason.RATE_LIMITED);
      assertThat(failure).hasMessageContaining("quota");
    }
  }

  @Test
  void a_request_that_is_refused_for_itself_is_not_tried_again() {
    fake.thenStatus(400, Map.of(), error("invalid_request_error", "temperature: too hot"));
    ModelFailure failure = failure();
    assertThat(failure.reason()).isEqualTo(Reason.BAD_OUTPUT);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure).hasMessageContaining("too hot");
  }

  @Test
  void garbage_is_bad_output() {
    fake.thenSse("event: message_start\ndata: {\"type\":\"mess\n\n")
        .thenSse("\u0000\u0001 nonsense");
    fails(Reason.BAD_OUTPUT, Bearing.ATTEMPT);
    fails(Reason.BAD_OUTPUT, Bearing.ATTEMPT);
  }

  @Test
  void events_of_the_wrong_shape_are_bad_output() {
    fake.thenSse(
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":\"x\",\"delta\":7}\n\n"
            + AnthropicWireIT.end("end_turn"));
    fails(Reason.BAD_OUTPUT, Bearing.ATTEMPT);
  }

  @Test
  void a_page_instead_of_a_stream_is_bad_output() {
    fake.thenBody("text/html", "<html>Please log in</html>");
    fails(Reason.BAD_OUTPUT, Bearing.ATTEMPT);
  }

  @Test
  void an_empty_body_is_bad_output() {
    fake.thenSse();
    fails(Reason.BAD_OUTPUT, Bearing.ATTEMPT);
  }

  @Test
  void an_answer_that_just_ends_is_bad_output() {
    fake.thenSse(BEGUN);
    fails(Reason.BAD_OUTPUT, Bearing.ATTEMPT);
  }

  @Test
  void a_dropped_connection_is_unavailable() {
    fake.thenDrop(BEGUN).thenDrop("");
    fails(Reason.UNAVAILABLE, Bearing.ATTEMPT);
    fails(Reason.UNAVAILABLE, Bearing.ATTEMPT);
  }

  @Test
  void a_stalled_stream_is_unavailable_and_is_closed() throws Exception {
    fake.thenStall(BEGUN);
    try (Models impatient =
        TestModels.at(Provider.ANTHROPIC, fake.url(), TestModels.IMPATIENT, new Exchanges.Live())) {
      assertThat(failure(impatient, Provider.ANTHROPIC).reason()).isEqualTo(Reason.UNAVAILABLE);
      fake.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void nobody_listening_is_unavailable() throws Exception {
    fake.close();
    fails(Reason.UNAVAILABLE, Bearing.ATTEMPT);
  }

  @Test
  void an_error_in_mid_stream_is_classified_by_its_type() {
    fake.thenSse(BEGUN + "event: error\ndata: " + error("overloaded_error", "Overloaded") + "\n\n");
    fails(Reason.UNAVAILABLE, Bearing.OVERLOAD);
    try (Models openAi = TestModels.at(Provider.OPENAI, fake.url())) {
      fake.thenSse(
          OpenAiWireIT.chunk("{\"content\":\"a\"}"),
          "data: {\"error\":{\"code\":429,\"message\":\"Rate limited upstream\"},\"choices\":[]}\n\n");
      assertThat(failure(openAi, Provider.OPENAI).reason()).isEqualTo(Reason.RATE_LIMITED);
    }
  }

  @Test
  void a_cancel_in_mid_stream_closes_the_connection() throws Exception {
    try (Models patient = TestModels.at(Provider.ANTHROPIC, fake.url())) {
      fake.thenStall(BEGUN);
      ManualCancellation cancellation = new ManualCancellation();
      CompletableFuture<String> delta = new CompletableFuture<>();
      CompletableFuture<ModelFailure> end = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> end.complete(cancelled(patient, delta, cancellation)));
      assertThat(delta.get(10, TimeUnit.SECONDS)).isEqualTo("half an ans");
      cancellation.cancel();
      assertThat(end.get(10, TimeUnit.SECONDS).reason()).isEqualTo(Reason.CANCELLED);
      fake.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_cancel_before_the_first_byte_closes_the_connection() throws Exception {
    try (Models patient = TestModels.at(Provider.ANTHROPIC, fake.url())) {
      CompletableFuture<Void> asked = new CompletableFuture<>();
      fake.then(
          (socket, _) -> {
            asked.complete(null);
            if (socket.getInputStream().read() < 0) {
              fake.hungUp.complete(null);
            }
          });
      ManualCancellation cancellation = new ManualCancellation();
      CompletableFuture<ModelFailure> end = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> end.complete(cancelled(patient, new CompletableFuture<>(), cancellation)));
      asked.get(10, TimeUnit.SECONDS);
      cancellation.cancel();
      assertThat(end.get(10, TimeUnit.SECONDS).reason()).isEqualTo(Reason.CANCELLED);
      fake.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  private static ModelFailure cancelled(
      Models models, CompletableFuture<String> delta, Cancellation cancellation) {
    return catchThrowableOfType(
        ModelFailure.class,
        () ->
            models.answer(
                new ModelChoice(Provider.ANTHROPIC, "m"),
                TestModels.asking("x"),
                delta::complete,
                cancellation));
  }
}
