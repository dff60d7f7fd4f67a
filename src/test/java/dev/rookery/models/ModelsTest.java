package dev.rookery.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.kernel.Refusal;
import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelsTest {
  @TempDir Path directory;
  private @Nullable String ollamaModel;
  private int probes;
  private ChatModel model =
      (request, _, _) ->
          new ModelAnswer(
              "from " + request.model(),
              List.of(),
              ModelAnswer.Usage.NONE,
              ModelAnswer.Stop.END,
              request.model());
  private volatile Instant now = Instant.ofEpochSecond(1000);

  private Models models(String... environment) {
    Map<String, String> env = new HashMap<>();
    for (int i = 0; i < environment.length; i += 2) {
      env.put(environment[i], environment[i + 1]);
    }
    InstantSource clock = () -> now;
    return new Models(ModelSettings.from(env, directory), new Source(), clock, () -> 0);
  }

  private final class Source implements ModelSource {
    @Override
    public ChatModel model(ModelChoice choice) {
      return model;
    }

    @Override
    public Optional<String> firstOllamaModel() {
      probes++;
      return Optional.ofNullable(ollamaModel);
    }

    @Override
    public boolean scriptExists(String name) {
      return Files.exists(directory.resolve(name + ".yaml"));
    }

    @Override
    public void close() {}
  }

  private static String[] allKeys() {
    return new String[] {
      "ANTHROPIC_API_KEY", "a", "OPENAI_API_KEY", "b", "OPENROUTER_API_KEY", "c"
    };
  }

  @Test
  void agent_comes_before_organization_before_environment_before_the_first_key() {
    Models models = models(allKeys());
    assertThat(models.choose("openai/x", "anthropic/y")).hasToString("openai/x");
    assertThat(models.choose(null, "openrouter/vendor/y")).hasToString("openrouter/vendor/y");
    assertThat(models.choose(" ", "")).hasToString("anthropic/claude-sonnet-4-5");
    Models named = models("ANTHROPIC_API_KEY", "a", "ROOKERY_MODEL", "scripted");
    assertThat(named.choose(null, null)).hasToString("scripted");
    assertThat(probes).isZero();
  }

  @Test
  void a_provider_alone_means_its_default_model() {
    assertThat(models(allKeys()).choose("openai", null)).hasToString("openai/gpt-4.1");
  }

  @Test
  void ollama_is_asked_only_when_nothing_else_is_set() {
    ollamaModel = "llama3.2";
    assertThat(models().choose(null, null)).hasToString("ollama/llama3.2");
    assertThat(models().choose("ollama", null)).hasToString("ollama/llama3.2");
    assertThat(models().choose("ollama/other:7b", null)).hasToString("ollama/other:7b");
    assertThat(probes).isEqualTo(2);
  }

  @Test
  void without_anything_the_scripted_model_answers_and_says_why() {
    assertThat(models().choose(null, null)).hasToString("scripted");
    Models.Description description = models().describe();
    assertThat(description.scripted()).isTrue();
    assertThat(description.sentence())
        .startsWith("scripted model: no provider key is set; set ANTHROPIC_API_KEY");
  }

  @Test
  void a_script_that_is_set_comes_before_keys() {
    Models models = models("ANTHROPIC_API_KEY", "a", "ROOKERY_SCRIPT", "some.yaml");
    assertThat(models.choose(null, null)).hasToString("scripted");
    assertThat(models.describe().sentence()).contains("ROOKERY_SCRIPT");
  }

  @Test
  void named_scripts_must_exist() throws Exception {
    Files.writeString(directory.resolve("demo.yaml"), "rules: []");
    assertThat(models().choose("scripted/demo", null)).hasToString("scripted/demo");
    refused("scripted/nope", "nope.yaml");
  }

  @Test
  void what_is_not_configured_says_which_variable_to_set() {
    refused("anthropic/claude", "ANTHROPIC_API_KEY");
    refused("openrouter/a/b", "OPENROUTER_API_KEY");
    refused("ollama", "OLLAMA_BASE_URL");
    refused("acme/x", "anthropic, openai, openrouter, ollama, scripted");
    Models.Description description = models("ROOKERY_MODEL", "openai/x").describe();
    assertThat(description.ready()).isFalse();
    assertThat(description.sentence()).contains("OPENAI_API_KEY");
  }

  private void refused(String spelling, String hint) {
    assertThatThrownBy(() -> models().choose(spelling, null))
        .isInstanceOfSatisfying(
            Refusal.class,
            r -> {
              assertThat(r.code()).isEqualTo("model-not-configured");
              assertThat(r).hasMessageContaining(hint);
            });
  }

  @Test
  void settings_that_make_no_sense_name_their_variable() {
    assertThatThrownBy(() -> models("OPENAI_BASE_URL", "not a url"))
        .hasMessageContaining("OPENAI_BASE_URL");
    assertThatThrownBy(() -> models("ROOKERY_MODEL_CONCURRENCY", "0"))
        .hasMessageContaining("ROOKERY_MODEL_CONCURRENCY");
    assertThatThrownBy(() -> models("ROOKERY_MODEL_RECORD", "a", "ROOKERY_MODEL_REPLAY", "b"))
        .hasMessageContaining("unset one");
  }

  @Test
  void a_compatible_server_needs_no_key() {
    Models models = models("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1/");
    assertThat(models.choose(null, null)).hasToString("openai/gpt-4.1");
  }

  @Test
  void settings_never_print_a_key() {
    var settings = ModelSettings.from(Map.of("OPENAI_API_KEY", "sk-very-secret"), null);
    assertThat(settings.toString()).doesNotContain("sk-very-secret");
  }

  @Test
  void a_call_names_the_chosen_model() {
    assertThat(ask(models(allKeys()), "openai/x").text()).isEqualTo("from x");
  }

  private static ModelAnswer ask(Models models, String spelling) {
    return models.answer(
        models.choose(spelling, null), TestModels.asking("hi"), _ -> {}, Cancellation.NEVER);
  }

  @Test
  void the_breaker_blocks_one_provider_until_its_moment_and_success_closes_it() {
    ChatModel good = model;
    AtomicInteger calls = new AtomicInteger();
    Models models = models(allKeys());
    model =
        (_, _, _) -> {
          calls.incrementAndGet();
          throw new ModelFailure(Reason.RATE_LIMITED, Bearing.OVERLOAD, "x", null);
        };
    assertThat(failure(models, "openai/x").bearing()).isEqualTo(Bearing.OVERLOAD);
    ModelFailure blocked = failure(models, "openai/x");
    assertThat(blocked.bearing()).isEqualTo(Bearing.BLOCKED);
    assertThat(blocked.retryAfter()).hasMillis(500);
    assertThat(calls).hasValue(1);
    assertThat(state(models, Provider.OPENAI).blockedUntil()).isEqualTo(now.plusMillis(500));
    model = good;
    assertThat(ask(models, "anthropic/y").text()).isEqualTo("from y");
    now = now.plusMillis(500);
    assertThat(ask(models, "openai/x").text()).isEqualTo("from x");
    assertThat(state(models, Provider.OPENAI).blockedUntil()).isNull();
  }

  private static ModelFailure failure(Models models, String spelling) {
    return catchThrowableOfType(ModelFailure.class, () -> ask(models, spelling));
  }

  private static Models.ProviderState state(Models models, Provider provider) {
    return models.providers().stream()
        .filter(s -> s.provider() == provider)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void waiting_for_a_slot_can_be_cancelled_and_slots_come_back() throws Exception {
    Models models = models("OPENAI_API_KEY", "b", "ROOKERY_MODEL_CONCURRENCY", "1");
    ChatModel good = model;
    CompletableFuture<Void> inside = new CompletableFuture<>();
    CompletableFuture<Void> leave = new CompletableFuture<>();
    model =
        (request, deltas, cancellation) -> {
          inside.complete(null);
          leave.join();
          return good.answer(request, deltas, cancellation);
        };
    CompletableFuture<ModelAnswer> first =
        CompletableFuture.supplyAsync(() -> ask(models, "openai"));
    inside.get(10, TimeUnit.SECONDS);
    assertThat(state(models, Provider.OPENAI).inFlight()).isEqualTo(1);

    ManualCancellation cancellation = new ManualCancellation();
    CompletableFuture<ModelFailure> second =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowableOfType(
                    ModelFailure.class,
                    () ->
                        models.answer(
                            models.choose("openai", null),
                            TestModels.asking("x"),
                            _ -> {},
                            cancellation)));
    CompletableFuture<ModelAnswer> third =
        CompletableFuture.supplyAsync(() -> ask(models, "openai"));
    cancellation.cancel();
    assertThat(second.get(10, TimeUnit.SECONDS).reason()).isEqualTo(Reason.CANCELLED);
    leave.complete(null);
    first.get(10, TimeUnit.SECONDS);
    third.get(10, TimeUnit.SECONDS);
    assertThat(state(models, Provider.OPENAI).inFlight()).isZero();
  }
}
