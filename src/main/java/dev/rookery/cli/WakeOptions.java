package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What wakes an agent, in words of the command line; the server reads the JSON they become. */
final class WakeOptions {
  @Option(names = "--mention", description = "When it is named, or the bot is addressed.")
  private boolean mention;

  @Option(names = "--ambient", description = "Lines it overhears, if a cheap model finds them so.")
  private boolean ambient;

  @Option(names = "--always", description = "Every message of the places it reads.")
  private boolean always;

  @Option(names = "--manual", description = "When a person or a program calls it.")
  private boolean manual;

  @Option(names = "--webhook", description = "A call of a secret URL, which is shown once.")
  private boolean webhook;

  @Option(
      names = "--event",
      paramLabel = "<filter>",
      description = "Any event for which a filter is true: a JSON file, or {…}; - is stdin.")
  private @Nullable String event;

  @Option(
      names = "--every",
      paramLabel = "<time>",
      converter = TimeLimit.class,
      description = "Every so often: 30s, 5m, 1h, 1d.")
  private @Nullable Duration every;

  @Option(names = "--cron", paramLabel = "<spec>", description = "Five fields, or @daily and such.")
  private @Nullable String cron;

  @Option(
      names = "--daily",
      paramLabel = "<HH:MM>",
      split = ",",
      description = "At local times of the day, separated by commas.")
  private List<String> daily = new ArrayList<>();

  @Option(
      names = "--once",
      paramLabel = "<time>",
      description = "At one instant: 2027-01-31T08:00Z, or a local time in --zone.")
  private @Nullable String once;

  @Option(names = "--zone", paramLabel = "<zone>", description = "Such as Europe/Berlin; else UTC.")
  private @Nullable String zone;

  @Option(
      names = "--prompt",
      paramLabel = "<text>",
      description = "What a schedule or a webhook says to the agent.")
  private @Nullable String prompt;

  @Option(
      names = "--prompt-file",
      paramLabel = "<file>",
      description = "The same from a file; - is stdin.")
  private @Nullable String promptFile;

  @Option(
      names = "--to",
      paramLabel = "<conversation>",
      description = "Where a schedule or a webhook speaks, such as telegram:int_…:-100123.")
  private @Nullable String to;

  @Option(
      names = "--signature",
      paramLabel = "<kind>",
      description = "How callers of a webhook prove themselves: none, sha256 or standard.")
  private @Nullable String signature;

  @Option(
      names = "--filter",
      paramLabel = "<filter>",
      description = "Only events for which it is true: a JSON file, or {…}.")
  private @Nullable String filter;

  @Option(names = "--set", paramLabel = "<name=value>", description = "A setting by its JSON name.")
  private List<String> settings = new ArrayList<>();

  /** The fields that were given, as the API names them. */
  ObjectNode body(Terminal terminal) {
    ObjectNode config = Json.object();
    String trigger = trigger(config);
    ObjectNode body = Json.object();
    if (trigger != null) {
      body.put("trigger", trigger);
    }
    String text = promptFile == null ? prompt : SecretText.ofFile(terminal, promptFile).strip();
    put(config, "zone", zone);
    put(config, "prompt", text);
    put(config, "to", to);
    put(config, "signature", signature);
    settings.forEach(setting -> set(config, setting));
    if (!config.isEmpty()) {
      body.set("config", config);
    }
    String rule = event == null ? filter : event;
    if (rule != null) {
      body.set("filter", json(terminal, rule));
    }
    return body;
  }

  private @Nullable String trigger(ObjectNode config) {
    List<String> given = new ArrayList<>();
    note(given, "mention", mention);
    note(given, "ambient", ambient);
    note(given, "always", always);
    note(given, "manual", manual);
    note(given, "webhook", webhook);
    note(given, "event", event != null);
    note(given, "interval", every != null);
    note(given, "cron", cron != null);
    note(given, "daily", !daily.isEmpty());
    note(given, "once", once != null);
    if (given.size() > 1) {
      throw CliFailure.usage(
          "A policy has one trigger; these are %d: %s. Make a policy for each."
              .formatted(given.size(), String.join(", ", given)));
    }
    if (every != null) {
      config.put("every_ms", every.toMillis());
    }
    put(config, "cron", cron);
    if (!daily.isEmpty()) {
      ArrayNode times = config.putArray("daily");
      daily.forEach(time -> times.add(time.strip()));
    }
    put(config, "once", once);
    return given.isEmpty() ? null : given.getFirst();
  }

  private static void note(List<String> given, String trigger, boolean there) {
    if (there) {
      given.add(trigger);
    }
  }

  private static void put(ObjectNode config, String name, @Nullable String value) {
    if (value != null) {
      config.put(name, value);
    }
  }

  /** JSON where it is some, else text. */
  private static void set(ObjectNode config, String setting) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw CliFailure.usage("--set wants name=value, such as missed=run_last.");
    }
    String value = setting.substring(equals + 1);
    JsonNode json;
    try {
      json = Json.parse(value);
    } catch (Refusal e) {
      json = config.textNode(value);
    }
    config.set(setting.substring(0, equals), json);
  }

  static JsonNode json(Terminal terminal, String given) {
    String text = given.stripLeading().startsWith("{") ? given : SecretText.ofFile(terminal, given);
    try {
      JsonNode json = Json.parse(text);
      if (json.isObject()) {
        return json;
      }
    } catch (Refusal e) {
      throw CliFailure.usage("This is no JSON object (%s): %s".formatted(given, e.getMessage()));
    }
    throw CliFailure.usage("This is no JSON object: " + given);
  }
}
