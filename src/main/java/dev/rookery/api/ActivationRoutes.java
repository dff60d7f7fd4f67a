package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.BOOLEAN;
import static dev.rookery.api.Shape.Kind.INTEGER;
import static dev.rookery.api.Shape.Kind.MILLIS;
import static dev.rookery.api.Shape.Kind.OBJECT;
import static dev.rookery.api.Shape.Kind.TEXT;
import static dev.rookery.api.Shape.Kind.TEXTS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.Activations;
import dev.rookery.activation.PolicyCodec;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What wakes agents: activation policies. Rules on what agents may do are {@link PolicyRoutes}. */
final class ActivationRoutes {
  static final String POLICY = "/api/v1/policies/{id}";
  private static final String OF_AGENT = "/api/v1/agents/{id}/policies";
  private static final String[] TRIGGERS =
      Arrays.stream(Trigger.values()).map(Trigger::spelled).toArray(String[]::new);
  private static final Set<String> SCHEDULES = Set.of("interval", "cron", "daily", "once");
  private static final List<String> TIMES = List.of("every_ms", "anchor", "cron", "daily", "once");
  private static final List<Shape.Field> SETTINGS =
      List.of(
          optional("config", OBJECT, "settings of the trigger, such as every_ms, cron or prompt"),
          optional("filter", OBJECT, "events that it is not true for are skipped"),
          optional("resource_ids", TEXTS, "chats, channels … it is limited to; none = any"),
          optional(
              "tool_ids", TEXTS, "names of tools; its runs see these of those granted; none = all"),
          optional("mode", TEXT, "while a run of the same conversation is active")
              .oneOf("steer", "followup", "collect"),
          optional("gate", TEXT, "what is asked between match and wake").oneOf("none", "relevance"),
          optional("debounce_ms", MILLIS, "how long a collecting run waits for more, at most 1 h"),
          optional("cooldown_ms", MILLIS, "shortest time between two wakes, at most 30 days"),
          optional("cooldown_messages", INTEGER, "fewest lines between two wakes"),
          optional("rate", OBJECT, "at most max_wakes in window_ms"),
          optional("enabled", BOOLEAN, "true if not given"),
          optional("paused_until", TEXT, "an instant; with it or a reason the policy is paused"),
          optional("pause_reason", TEXT, "why it is paused"));
  private static final Shape NEW_POLICY =
      shape(
          "NewPolicy",
          required("name", TEXT, "1 to 100 characters, unique for the agent"),
          required("trigger", TEXT, "which kind of event it is about").oneOf(TRIGGERS));
  private static final Shape CHANGE =
      shape(
          "PolicyChange",
          optional("name", TEXT, "1 to 100 characters, unique for the agent"),
          optional("trigger", TEXT, "another one keeps no settings, but schedules theirs")
              .oneOf(TRIGGERS));
  private static final Shape PAUSE =
      Shape.of(
          "PausePolicy",
          optional("until", TEXT, "an instant that lies ahead; until resumed if not given"),
          optional("reason", TEXT, "for people, at most 500 characters"));

  private final Rooms rooms;
  private final PolicyView view;
  private final HookRoutes hooks;
  private final InstantSource clock;

  ActivationRoutes(Rooms rooms, HookRoutes hooks, InstantSource clock) {
    this.rooms = rooms;
    this.hooks = hooks;
    this.view = new PolicyView(rooms.domain().agents(), clock);
    this.clock = clock;
  }

  private static Shape shape(String name, Shape.Field policyName, Shape.Field trigger) {
    return new Shape(
        name, Stream.concat(Stream.of(policyName, trigger), SETTINGS.stream()).toList());
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/policies")
        .does("Lists what wakes the agents of the organization")
        .allows(Access.VIEWER)
        .query("trigger", "only these triggers, separated by commas, such as interval,cron")
        .answers(200, "PolicyList")
        .by(this::list);
    routes
        .get(OF_AGENT)
        .does("Lists what wakes an agent")
        .allows(Access.VIEWER)
        .answers(200, "PolicyList")
        .by(call -> Reply.all(activations().policies(call.org(), agent(call)), view::of));
    routes
        .post(OF_AGENT)
        .does("Gives an agent one more thing that wakes it")
        .allows(Access.OPERATOR)
        .takes(NEW_POLICY)
        .answers(201, "CreatedPolicy")
        .by(this::create);
    routes
        .get(POLICY)
        .does("Shows what wakes an agent")
        .allows(Access.VIEWER)
        .answers(200, "Policy")
        .by(call -> Reply.ok(view.of(activations().find(call.org(), id(call)))));
    routes
        .delete(POLICY)
        .does("Removes what wakes an agent; its decisions stay on record")
        .allows(Access.OPERATOR)
        .answers(204, null)
        .by(this::remove);
    enterChanges(routes);
  }

  private void enterChanges(Routes routes) {
    routes
        .patch(POLICY)
        .does("Changes the fields that are given; null sets one back to its default")
        .allows(Access.OPERATOR)
        .takes(CHANGE)
        .answers(200, "Policy")
        .by(this::change);
    routes
        .post(POLICY + "/pause")
        .does("Pauses a policy: what comes meanwhile is decided as paused")
        .allows(Access.OPERATOR)
        .takes(PAUSE)
        .answers(200, "Policy")
        .by(this::pause);
    routes
        .post(POLICY + "/resume")
        .does("Ends the pause of a policy")
        .allows(Access.OPERATOR)
        .answers(200, "Policy")
        .by(call -> Reply.ok(paused(call, null)));
  }

  private Activations activations() {
    return rooms.flow().activations();
  }

  static PolicyId id(Call call) {
    return call.id("policy", "pol", PolicyId::new);
  }

  private AgentId agent(Call call) {
    return rooms.domain().agents().require(call.org(), call.path("id")).id();
  }

  private Reply list(Call call) {
    String wanted = call.query("trigger");
    List<Trigger> triggers = new ArrayList<>();
    if (wanted != null) {
      for (String label : wanted.split(",", -1)) {
        triggers.add(RunRoutes.oneOf("trigger", label.strip(), Trigger.values()));
      }
    }
    List<ActivationPolicy> policies =
        activations().policies(call.org()).stream()
            .filter(p -> triggers.isEmpty() || triggers.contains(p.wake().trigger()))
            .toList();
    return Reply.all(policies, view::of);
  }

  private Reply create(Call call) {
    OrgId org = call.org();
    AgentId agent = agent(call);
    Fields body = call.body(NEW_POLICY);
    ActivationPolicy policy = PolicyCodec.read(PolicyId.next(), org, agent, body.json());
    ObjectNode json = view.of(policy);
    if (policy.wake().trigger() == Trigger.WEBHOOK) {
      json.set("hook", hooks.issued(rooms.waking().webhooks().create(policy)));
    } else {
      activations().add(policy);
      json.putNull("hook");
    }
    return Reply.json(201, json);
  }

  private Reply change(Call call) {
    OrgId org = call.org();
    PolicyId id = activations().find(org, id(call)).id();
    ObjectNode wish = call.body(CHANGE).json();
    return Reply.ok(view.of(activations().change(org, id, before -> changed(before, wish))));
  }

  /** Fields replace fields; inside of config, so do its own. */
  private static ActivationPolicy changed(ActivationPolicy before, ObjectNode wish) {
    ObjectNode json = PolicyCodec.write(before).without(List.of("id", "agent_id"));
    ObjectNode config = kept(before, wish.path("trigger").asText(), json.path("config"));
    json.setAll(wish);
    if (!wish.has("config") || wish.path("config").isObject()) {
      wish.path("config").properties().forEach(field -> put(config, field));
      json.set("config", config);
    }
    return PolicyCodec.read(before.id(), before.org(), before.agent(), json);
  }

  private static void put(ObjectNode config, Map.Entry<String, JsonNode> field) {
    if (field.getValue().isNull()) {
      config.remove(field.getKey());
    } else {
      config.set(field.getKey(), field.getValue());
    }
  }

  /** A schedule that becomes another keeps all but its times; other triggers share nothing. */
  private static ObjectNode kept(ActivationPolicy before, String wanted, JsonNode config) {
    String trigger = before.wake().trigger().spelled();
    if (!(config instanceof ObjectNode settings)) {
      return Json.object();
    }
    if (wanted.isEmpty() || wanted.equals(trigger)) {
      return settings.deepCopy();
    }
    if (!SCHEDULES.contains(trigger) || !SCHEDULES.contains(wanted)) {
      return Json.object();
    }
    ObjectNode rest = settings.deepCopy().remove(TIMES);
    return wanted.equals("interval") ? rest.without(List.of("zone")) : rest;
  }

  private Reply pause(Call call) {
    activations().find(call.org(), id(call));
    Fields body = call.body(PAUSE);
    String until = body.textOrNull("until");
    String reason = body.text("reason", "");
    if (reason.length() > 500) {
      throw Refusal.badInput("bad-value", "The field 'reason' has at most 500 characters.");
    }
    return Reply.ok(paused(call, new Pause(until == null ? null : ahead(until), reason)));
  }

  private Instant ahead(String until) {
    try {
      Instant instant = OffsetDateTime.parse(until).toInstant();
      if (instant.isAfter(clock.instant())) {
        return Instant.ofEpochMilli(instant.toEpochMilli());
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw badInstant();
    }
    throw badInstant();
  }

  private static Refusal badInstant() {
    return Refusal.badInput(
        "bad-value",
        "The field 'until' must be an instant that lies ahead, such as 2027-01-31T08:00:00Z.");
  }

  private ObjectNode paused(Call call, @Nullable Pause pause) {
    return view.of(
        activations()
            .change(
                call.org(), id(call), p -> p.with(new Standing(p.standing().enabled(), pause))));
  }

  private Reply remove(Call call) {
    activations().remove(call.org(), id(call));
    return Reply.nothing();
  }
}
