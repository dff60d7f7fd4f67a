package dev.rookery.models;

import dev.rookery.kernel.Json;
import dev.rookery.models.ModelSettings.Endpoint;
import dev.rookery.models.ModelSettings.Exchanges;
import dev.rookery.models.ModelSettings.TimeLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Façades on fake providers, and requests to ask them. */
final class TestModels {
  static final String KEY = "sk-test-1234567890";
  static final TimeLimits SHORT =
      new TimeLimits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2));
  static final TimeLimits IMPATIENT =
      new TimeLimits(
          Duration.ofSeconds(5),
          Duration.ofMillis(150),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2));

  private TestModels() {}

  static Models at(Provider provider, String url) {
    return at(provider, url, SHORT, new Exchanges.Live());
  }

  static Models at(Provider provider, String url, TimeLimits limits, Exchanges exchanges) {
    var settings =
        new ModelSettings(
            Map.of(provider, new Endpoint(url, KEY)), null, null, null, null, exchanges, limits, 4);
    return new Models(settings, InstantSource.system());
  }

  static ModelRequest asking(String text) {
    return asking(List.of(new ModelMessage.User(text)));
  }

  static ModelRequest asking(List<ModelMessage> messages) {
    var schema =
        Json.parse(
            """
            {"type":"object","properties":{"location":{"type":"string","pattern":"^[A-Z]"},
             "days":{"type":"array","items":{"type":"integer"},"minItems":1}},
             "required":["location"]}""");
    return new ModelRequest(
        "m",
        "Be brief.",
        messages,
        List.of(new ToolSpec("get_weather", "Tells the weather.", schema)),
        ModelRequest.Limits.DEFAULT);
  }

  /** One attempt with the model {@code m} of the provider. */
  static ModelAnswer ask(Models models, Provider provider, ModelRequest request) {
    return models.answer(new ModelChoice(provider, "m"), request, _ -> {}, Cancellation.NEVER);
  }

  /** The pieces that streamed, and the answer. */
  record Streamed(List<String> deltas, ModelAnswer answer) {}

  static Streamed stream(Models models, Provider provider, ModelRequest request) {
    List<String> deltas = new ArrayList<>();
    ModelAnswer answer =
        models.answer(new ModelChoice(provider, "m"), request, deltas::add, Cancellation.NEVER);
    return new Streamed(deltas, answer);
  }
}
