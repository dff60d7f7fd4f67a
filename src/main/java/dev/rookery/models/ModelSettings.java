package dev.rookery.models;

import dev.rookery.kernel.Refusal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an installation says about models. Holds keys: never print it.
 *
 * @param endpoints the providers that are set; those absent cannot be chosen
 * @param defaultModel spelling of the model that is used when neither agent nor organization name
 *     one, or null
 * @param gateModel spelling of the cheap model that relevance gates are asked with, or null for the
 *     agent's own
 * @param script file of the scripted model, or null for the built-in script
 * @param scripts directory of named scripts, or null
 * @param slots calls that one provider gets at the same time
 */
public record ModelSettings(
    Map<Provider, Endpoint> endpoints,
    @Nullable String defaultModel,
    @Nullable String gateModel,
    @Nullable Path script,
    @Nullable Path scripts,
    Exchanges exchanges,
    TimeLimits limits,
    int slots) {

  public ModelSettings {
    endpoints = Map.copyOf(endpoints);
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be positive: " + slots);
    }
  }

  /** Where a provider listens, without a trailing slash; the key is null where none is needed. */
  public record Endpoint(String baseUrl, @Nullable String key) {
    @Override
    public String toString() {
      return baseUrl;
    }
  }

  /** Whether HTTP exchanges with providers are kept, or served from what was kept. */
  public sealed interface Exchanges {
    record Live() implements Exchanges {}

    record Recorded(Path directory) implements Exchanges {}

    record Replayed(Path directory) implements Exchanges {}
  }

  /**
   * How long to wait: for a connection, for the next byte, for a whole answer, and for an Ollama
   * that may not be there.
   */
  public record TimeLimits(Duration connect, Duration stall, Duration total, Duration probe) {
    public static final TimeLimits DEFAULT =
        new TimeLimits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofMillis(400));
  }

  /**
   * Reads the variables of docs/models.md.
   *
   * @param scripts directory of named scripts, or null
   * @throws Refusal {@code bad-setting}, naming the variable
   */
  public static ModelSettings from(Map<String, String> environment, @Nullable Path scripts) {
    Environment env = new Environment(environment);
    Map<Provider, Endpoint> endpoints = new EnumMap<>(Provider.class);
    putKeyed(endpoints, Provider.ANTHROPIC, env, env.url("ANTHROPIC_BASE_URL"));
    putKeyed(endpoints, Provider.OPENAI, env, env.url("OPENAI_BASE_URL"));
    putKeyed(endpoints, Provider.OPENROUTER, env, null);
    String ollama = env.url("OLLAMA_BASE_URL");
    endpoints.put(
        Provider.OLLAMA, new Endpoint(ollama == null ? Provider.OLLAMA.baseUrl() : ollama, null));
    return new ModelSettings(
        endpoints,
        env.text("ROOKERY_MODEL"),
        env.text("ROOKERY_GATE_MODEL"),
        env.path("ROOKERY_SCRIPT"),
        scripts,
        env.exchanges(),
        env.limits(),
        env.number("ROOKERY_MODEL_CONCURRENCY", 16));
  }

  /** A base URL of one's own is enough for OpenAI: compatible servers often want no key. */
  private static void putKeyed(
      Map<Provider, Endpoint> endpoints, Provider provider, Environment env, @Nullable String url) {
    String key = env.text(provider.variable());
    boolean replayed = env.text("ROOKERY_MODEL_REPLAY") != null;
    if (key != null || replayed || (url != null && provider == Provider.OPENAI)) {
      endpoints.put(provider, new Endpoint(url == null ? provider.baseUrl() : url, key));
    }
  }

  /** Typed reading of variables; blank counts as not set. */
  private record Environment(Map<String, String> values) {
    @Nullable String text(String name) {
      String value = values.get(name);
      return value == null || value.isBlank() ? null : value.strip();
    }

    @Nullable Path path(String name) {
      String value = text(name);
      return value == null ? null : Path.of(value);
    }

    @Nullable String url(String name) {
      String value = text(name);
      if (value == null) {
        return null;
      }
      if (!value.matches("https?://[^/\\s]+.*") || !parses(value)) {
        throw Refusal.badInput("bad-setting", "%s is not an http or https URL.", name);
      }
      return value.replaceAll("/+$", "");
    }

    private static boolean parses(String url) {
      try {
        return URI.create(url).getHost() != null;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    int number(String name, int otherwise) {
      String value = text(name);
      if (value == null) {
        return otherwise;
      }
      if (!value.matches("[1-9][0-9]{0,5}")) {
        throw Refusal.badInput("bad-setting", "%s is not a number from 1 to 999999.", name);
      }
      return Integer.parseInt(value);
    }

    Exchanges exchanges() {
      Path record = path("ROOKERY_MODEL_RECORD");
      Path replay = path("ROOKERY_MODEL_REPLAY");
      if (record != null && replay != null) {
        throw Refusal.badInput(
            "bad-setting",
            "ROOKERY_MODEL_RECORD and ROOKERY_MODEL_REPLAY are both set; unset one of them.");
      }
      if (record != null) {
        return new Exchanges.Recorded(record);
      }
      return replay == null ? new Exchanges.Live() : new Exchanges.Replayed(replay);
    }

    TimeLimits limits() {
      TimeLimits d = TimeLimits.DEFAULT;
      return new TimeLimits(
          d.connect(),
          Duration.ofSeconds(number("ROOKERY_MODEL_STALL_SECONDS", (int) d.stall().toSeconds())),
          Duration.ofSeconds(number("ROOKERY_MODEL_TOTAL_SECONDS", (int) d.total().toSeconds())),
          d.probe());
    }
  }
}
