package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks an Ollama that may not be there what models it has. With the plain JDK connection, which
 * costs a server without any provider neither start-up time nor a thread.
 */
final class OllamaProbe {
  /** Long enough that a burst of messages asks once, short enough to notice a started Ollama. */
  private static final Duration REMEMBER = Duration.ofSeconds(30);

  private static final int MAX_BYTES = 1 << 20;

  private final String baseUrl;
  private final Duration limit;
  private @Nullable String found;
  private long askedAt = System.nanoTime() - REMEMBER.toNanos();

  /**
   * @param baseUrl without a trailing slash
   * @param limit for connecting, and for each wait for bytes
   */
  OllamaProbe(String baseUrl, Duration limit) {
    this.baseUrl = baseUrl;
    this.limit = limit;
  }

  /** The first model; a second question within half a minute gets the first one's answer. */
  synchronized Optional<String> firstModel() {
    if (System.nanoTime() - askedAt >= REMEMBER.toNanos()) {
      found = ask().orElse(null);
      askedAt = System.nanoTime();
    }
    return Optional.ofNullable(found);
  }

  private Optional<String> ask() {
    try {
      var connection =
          (HttpURLConnection) URI.create(baseUrl + "/api/tags").toURL().openConnection();
      connection.setConnectTimeout((int) limit.toMillis());
      connection.setReadTimeout((int) limit.toMillis());
      connection.setInstanceFollowRedirects(false);
      if (connection.getResponseCode() != 200) {
        return Optional.empty();
      }
      try (var body = connection.getInputStream()) {
        JsonNode first = Json.parse(body.readNBytes(MAX_BYTES)).path("models").path(0);
        return Optional.of(first.path("name").asText()).filter(n -> !n.isBlank());
      }
    } catch (IOException | Refusal e) {
      return Optional.empty();
    }
  }
}
