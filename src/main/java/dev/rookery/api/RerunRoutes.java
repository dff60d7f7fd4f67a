package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Kind.INTEGER;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Inbox;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.Reruns;
import dev.rookery.runs.Run;
import dev.rookery.runs.Step;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs again: in the same conversation, or in one of their own. They take the path of all events.
 */
final class RerunRoutes {
  private static final String FROM = "steps before it are copied; see docs/api.md if not given";
  private static final Shape RETRY = Shape.of("RetryRun", optional("from_step", INTEGER, FROM));
  private static final Shape FORK =
      Shape.of(
          "ForkRun",
          optional("from_step", INTEGER, FROM),
          optional("text", TEXT, "a new line for the agent after what is copied"),
          optional("conversation", TEXT, "begins with api: or cli:; one of its own if not given"));

  private final Rooms rooms;
  private final Reruns reruns;
  private final Counters counters;
  private final InstantSource clock;

  RerunRoutes(Rooms rooms, Counters counters, InstantSource clock) {
    this.rooms = rooms;
    this.reruns = reruns(rooms);
    this.counters = counters;
    this.clock = clock;
  }

  static Reruns reruns(Rooms rooms) {
    return new Reruns(rooms.ground().database(), rooms.ground().journal(), rooms.flow().runs());
  }

  void enter(Routes routes) {
    routes
        .post("/api/v1/runs/{id}/retry")
        .does("Does a run that is over again from one of its steps, in its conversation")
        .allows(Access.OPERATOR)
        .takes(RETRY)
        .answers(202, "RerunAccepted")
        .by(call -> accept(call, call.body(RETRY), Run.Rerun.Kind.RETRY));
    routes
        .post("/api/v1/runs/{id}/fork")
        .does("Goes on from a step of a run in another conversation; the run itself stays as it is")
        .allows(Access.OPERATOR)
        .takes(FORK)
        .answers(202, "RerunAccepted")
        .by(call -> accept(call, call.body(FORK), Run.Rerun.Kind.FORK));
  }

  private Reply accept(Call call, Fields body, Run.Rerun.Kind kind) {
    OrgId org = call.org();
    RunId id = call.id("run", "run", RunId::new);
    Run run = rooms.flow().runs().find(org, id);
    Agent agent = rooms.domain().agents().require(org, run.agent().value());
    String text = body.textOrNull("text");
    if (text != null && text.isBlank()) {
      throw Refusal.badInput("bad-value", "The field 'text' must not be empty.");
    }
    Reruns.Wish wish =
        new Reruns.Wish(
            kind, id, body.has("from_step") ? body.number("from_step").getAsInt() : null, text);
    Reruns.Plan plan = reruns.plan(org, wish);
    refuseDisabled(agent);
    Inbound inbound = inbound(call, wish, plan, place(body, kind, run));
    Inbox.Accepted accepted =
        rooms.flow().inbox().acceptAll(org, List.of(inbound), agent.id()).getFirst();
    if (accepted.duplicate()) {
      refuseOther(rooms.flow().events().find(org, accepted.event()), inbound);
    }
    counters.event(org, accepted.duplicate() ? "duplicate" : "accepted");
    return Reply.json(
        202,
        answer(plan)
            .put("event_id", accepted.event().value())
            .put("duplicate", accepted.duplicate())
            .put("conversation", inbound.place().conversationKey()));
  }

  private static void refuseDisabled(Agent agent) {
    if (!agent.enabled()) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "agent-disabled",
          "Agent '" + agent.handle() + "' is disabled, so its runs are not repeated.");
    }
  }

  private static ObjectNode answer(Reruns.Plan plan) {
    ObjectNode json = Json.object().put("from_step", plan.fromStep());
    json.set("may_repeat", effects(plan.repeats()));
    return json.put("warning", warning(plan));
  }

  static ArrayNode effects(List<Step> steps) {
    ArrayNode array = Json.mapper().createArrayNode();
    for (Step step : steps) {
      array
          .addObject()
          .put("seq", step.seq())
          .put("kind", step.kind().label())
          .put("name", step.name())
          .put("effect_class", step.effect().name().toLowerCase(Locale.ROOT))
          .put("state", step.state().label());
    }
    return array;
  }

  private static @Nullable String warning(Reruns.Plan plan) {
    int effects = plan.repeats().size();
    return effects == 0
        ? null
        : "From step %d on the first run did %d thing%s that left Rookery or may have; they may happen again."
            .formatted(plan.fromStep(), effects, effects == 1 ? "" : "s");
  }

  private static Inbound.Place place(Fields body, Run.Rerun.Kind kind, Run run) {
    String key =
        switch (kind) {
          case RETRY -> run.conversation();
          case FORK -> MessageRoutes.checked(body.text("conversation", "api:fork:" + run.id()));
        };
    return new Inbound.Place(key, null, key, key, true);
  }

  private Inbound inbound(Call call, Reruns.Wish wish, Reruns.Plan plan, Inbound.Place place) {
    String name = call.principal().name();
    String text = wish.text();
    ObjectNode payload =
        Json.object()
            .put("run", wish.of().value())
            .put("from_step", plan.fromStep())
            .put("wanted", wish.fromStep())
            .put("policy", policy(plan.of()));
    return new Inbound(
        new Inbound.Origin("api", null, null),
        wish.kind().label(),
        MessageRoutes.dedupeKey(call),
        place,
        new Inbound.Actor(Inbound.Actor.Kind.MEMBER, call.principal().key().value(), name, 0),
        Instant.ofEpochMilli(clock.millis()),
        new Inbound.Content(text == null ? "" : text, true, null, List.of()),
        payload);
  }

  /** The policy through which the first run woke; one of its own when that is not on record. */
  private String policy(Run run) {
    String activation = run.origin().activation();
    return Ids.matches("act", activation)
        ? rooms
            .flow()
            .activations()
            .find(run.org(), new ActivationId(activation))
            .map(Activation::policy)
            .map(Object::toString)
            .orElseGet(() -> Ids.next("pol"))
        : Ids.next("pol");
  }

  private static void refuseOther(Event first, Inbound now) {
    Inbound then = first.what();
    boolean same =
        then.type().equals(now.type())
            && then.content().text().equals(now.content().text())
            && then.place().conversationKey().equals(now.place().conversationKey())
            && then.payload().path("run").equals(now.payload().path("run"))
            && then.payload().path("wanted").equals(now.payload().path("wanted"));
    if (!same) {
      throw MessageRoutes.reused(first);
    }
  }
}
