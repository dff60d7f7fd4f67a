package dev.rookery.activation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rookery.activation.ActivationPolicy.Config;
import dev.rookery.activation.ActivationPolicy.Gate;
import dev.rookery.activation.ActivationPolicy.Mode;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Rate;
import dev.rookery.activation.ActivationPolicy.Scope;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.activation.ActivationPolicy.Timing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.ActivationPolicy.Wake;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Policies to and from JSON and columns. In JSON:
 *
 * <pre>
 * {"name": "in the team room", "trigger": "always", "config": {"allow_bots": false, "on_edit": false},
 *  "filter": null, "resource_ids": ["-100123"], "tool_ids": [], "mode": "collect", "gate": "none",
 *  "debounce_ms": 2000, "cooldown_ms": 60000, "cooldown_messages": 5,
 *  "rate": {"max_wakes": 20, "window_ms": 3600000}, "enabled": true,
 *  "paused_until": "2027-01-01T00:00:00Z", "pause_reason": "holidays"}
 * </pre>
 *
 * Only {@code name} and {@code trigger} are required. What is written reads back equal.
 */
public final class PolicyCodec {
  private static final List<String> FIELDS =
      List.of(
          "name",
          "trigger",
          "config",
          "filter",
          "resource_ids",
          "tool_ids",
          "mode",
          "gate",
          "debounce_ms",
          "cooldown_ms",
          "cooldown_messages",
          "rate",
          "enabled",
          "paused_until",
          "pause_reason");
  private static final int MAX_IDS = 200;
  private static final int MAX_TEXT = 500;
  private static final Map<String, Trigger> TRIGGERS =
      bySpelling(Trigger.values(), Trigger::spelled);
  private static final Map<String, Mode> MODES = bySpelling(Mode.values(), Mode::spelled);
  private static final Map<String, Gate> GATES = bySpelling(Gate.values(), Gate::spelled);

  private PolicyCodec() {}

  /**
   * Reads a whole policy, strictly.
   *
   * @throws Refusal that names the JSON pointer of the place and what is allowed there: {@code
   *     missing-field}, {@code bad-value}, {@code unknown-field}, {@code unknown-trigger}, {@code
   *     unknown-operator}, {@code bad-pattern} and others
   */
  public static ActivationPolicy read(PolicyId id, OrgId org, AgentId agent, JsonNode json) {
    JsonSpot spot = JsonSpot.root(json).onlyFields(FIELDS);
    Trigger trigger = spot.required("trigger").oneOf("trigger", TRIGGERS);
    JsonSpot config = spot.field("config");
    JsonSpot filter = spot.field("filter");
    JsonSpot gate = spot.field("gate");
    Wake wake =
        new Wake(
            trigger,
            config == null ? Config.DEFAULT : ConfigCodec.read(trigger, config),
            filter == null ? null : FilterCodec.read(filter),
            gate == null ? Gate.NONE : gate.oneOf("gate", GATES));
    Scope scope = new Scope(ids(spot.field("resource_ids")), ids(spot.field("tool_ids")));
    return new ActivationPolicy(
        id,
        org,
        agent,
        spot.required("name").text(MAX_TEXT),
        wake,
        scope,
        timing(spot),
        standing(spot));
  }

  /** The policy as people and programs see it, with its ids. */
  public static ObjectNode write(ActivationPolicy policy) {
    Wake wake = policy.wake();
    ObjectNode json =
        Json.object()
            .put("id", policy.id().value())
            .put("agent_id", policy.agent().value())
            .put("name", policy.name())
            .put("trigger", wake.trigger().spelled());
    json.set("config", ConfigCodec.write(wake.config()));
    json.set("filter", wake.filter() == null ? null : FilterCodec.write(wake.filter()));
    json.set("resource_ids", Json.mapper().valueToTree(policy.scope().resourceIds()));
    json.set("tool_ids", Json.mapper().valueToTree(policy.scope().toolIds()));
    json.put("gate", wake.gate().spelled());
    writeTiming(json, policy.timing());
    Pause pause = policy.standing().pause();
    return json.put("enabled", policy.standing().enabled())
        .put("paused_until", pause == null || pause.until() == null ? null : "" + pause.until())
        .put("pause_reason", pause == null ? null : pause.reason());
  }

  private static void writeTiming(ObjectNode json, Timing timing) {
    Rate rate = timing.rate();
    json.put("mode", timing.mode().spelled())
        .put("debounce_ms", timing.debounce().toMillis())
        .put("cooldown_ms", timing.cooldown().toMillis())
        .put("cooldown_messages", timing.cooldownMessages())
        .set(
            "rate",
            rate == null
                ? null
                : Json.object()
                    .put("max_wakes", rate.maxWakes())
                    .put("window_ms", rate.window().toMillis()));
  }

  /** Column {@code config}. */
  public static String configColumn(Config config) {
    return Json.canonical(ConfigCodec.write(config));
  }

  public static Config config(Trigger trigger, String column) {
    return ConfigCodec.read(trigger, JsonSpot.root(Json.parse(column)));
  }

  /** Column {@code filter}; null for none. */
  public static @Nullable String filterColumn(@Nullable Filter filter) {
    return filter == null ? null : Json.write(FilterCodec.write(filter));
  }

  public static @Nullable Filter filter(@Nullable String column) {
    return column == null ? null : FilterCodec.read(JsonSpot.root(Json.parse(column)));
  }

  /** Columns {@code resource_ids} and {@code tool_ids}. */
  public static String idsColumn(List<String> ids) {
    return Json.write(ids);
  }

  public static List<String> ids(String column) {
    return ids(JsonSpot.root(Json.parse(column)));
  }

  /** Column {@code trigger}; written by {@link Trigger#spelled()}. */
  public static Trigger trigger(String column) {
    return spelled("trigger", column, TRIGGERS);
  }

  /** Column {@code mode}; written by {@link Mode#spelled()}. */
  public static Mode mode(String column) {
    return spelled("mode", column, MODES);
  }

  /** Column {@code gate}; written by {@link Gate#spelled()}. */
  public static Gate gate(String column) {
    return spelled("gate", column, GATES);
  }

  /** Columns {@code paused_until} and {@code pause_reason}: a pause is there when either is. */
  public static @Nullable Pause pause(@Nullable Instant until, @Nullable String reason) {
    return until == null && reason == null ? null : new Pause(until, reason == null ? "" : reason);
  }

  private static Timing timing(JsonSpot spot) {
    JsonSpot mode = spot.field("mode");
    return new Timing(
        mode == null ? Timing.DEFAULT.mode() : mode.oneOf("mode", MODES),
        millis(spot.field("debounce_ms"), Timing.DEFAULT.debounce()),
        millis(spot.field("cooldown_ms"), Timing.DEFAULT.cooldown()),
        number(spot.field("cooldown_messages")),
        rate(spot.field("rate")));
  }

  private static @Nullable Rate rate(@Nullable JsonSpot spot) {
    if (spot == null) {
      return null;
    }
    spot.onlyFields(List.of("max_wakes", "window_ms"));
    return new Rate(
        number(spot.required("max_wakes")),
        Duration.ofMillis(spot.required("window_ms").wholeNumber()));
  }

  /** Saturated: what is out of range is refused by the record that holds it. */
  private static int number(@Nullable JsonSpot spot) {
    return spot == null ? 0 : Math.clamp(spot.wholeNumber(), -1, Integer.MAX_VALUE);
  }

  private static Duration millis(@Nullable JsonSpot spot, Duration otherwise) {
    return spot == null ? otherwise : Duration.ofMillis(spot.wholeNumber());
  }

  private static Standing standing(JsonSpot spot) {
    JsonSpot enabled = spot.field("enabled");
    JsonSpot until = spot.field("paused_until");
    JsonSpot reason = spot.field("pause_reason");
    return new Standing(
        enabled == null || enabled.bool(),
        pause(
            until == null ? null : instant(until), reason == null ? null : reason.text(MAX_TEXT)));
  }

  private static Instant instant(JsonSpot spot) {
    try {
      Instant instant = Instant.parse(spot.text(MAX_TEXT));
      return Instant.ofEpochMilli(instant.toEpochMilli());
    } catch (DateTimeException | ArithmeticException _) {
      throw spot.refuse("bad-value", "expected an instant such as 2027-01-31T08:00:00Z.");
    }
  }

  private static List<String> ids(@Nullable JsonSpot spot) {
    return spot == null
        ? List.of()
        : spot.items(MAX_IDS).stream().map(item -> item.text(MAX_TEXT)).toList();
  }

  private static <T> T spelled(String what, String column, Map<String, T> allowed) {
    return JsonSpot.root(TextNode.valueOf(column)).oneOf(what, allowed);
  }

  private static <T> Map<String, T> bySpelling(T[] values, Function<T, String> spelling) {
    Map<String, T> map = new LinkedHashMap<>();
    Arrays.stream(values).forEach(value -> map.put(spelling.apply(value), value));
    return Collections.unmodifiableMap(map);
  }
}
