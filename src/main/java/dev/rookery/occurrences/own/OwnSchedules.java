package dev.rookery.occurrences.own;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.Activations;
import dev.rookery.activation.PolicyCodec;
import dev.rookery.inbox.Conversation;
import dev.rookery.inbox.Conversations;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.occurrences.Description;
import dev.rookery.occurrences.Occurrences;
import dev.rookery.runs.Runs;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wake-ups that an agent gives itself: ordinary schedule policies, of which it may have so many, so
 * often. What a person made, an agent does not touch. A schedule that is made while words of
 * strangers are in the run carries their mark on, and its runs hold them too.
 */
public final class OwnSchedules {
  /** No interval of an agent's own is shorter. */
  static final Duration SHORTEST = Duration.ofSeconds(60);

  /** So many may be to come at a time. */
  static final int MOST_PENDING = 25;

  /** So many may be made within 24 hours. */
  static final int MOST_A_DAY = 100;

  private static final Duration DAY = Duration.ofHours(24);

  private final Database database;
  private final Rooms rooms;

  /** The rooms it stands on. */
  public record Rooms(
      Activations activations, Occurrences occurrences, Conversations conversations, Runs runs) {}

  public OwnSchedules(Database database, Rooms rooms) {
    this.database = database;
    this.rooms = rooms;
  }

  /** One schedule and how it stands. */
  record Seen(ActivationPolicy policy, Description state) {}

  /**
   * Makes a schedule. The same call again gives the schedule of the first.
   *
   * @param wish name, prompt and one of every, cron, daily, once, as in {@link ScheduleTool}
   * @throws Refusal {@code too-many-schedules}, {@code too-often}, or what {@link
   *     Activations#add(Tx, ActivationPolicy)} refuses; nothing is made then
   */
  Seen create(Tool.Call call, JsonNode wish) {
    Tool.Caller caller = call.caller();
    PolicyId made =
        database.write(
            caller.org(),
            tx -> {
              OwnScheduleStore.lock(tx, caller.org(), caller.agent());
              return OwnScheduleStore.byKey(tx, caller.org(), call.idempotencyKey())
                  .orElseGet(() -> insert(tx, call, wish));
            });
    return seen(caller.org(), made);
  }

  private PolicyId insert(Tx tx, Tool.Call call, JsonNode wish) {
    Tool.Caller caller = call.caller();
    OrgId org = caller.org();
    requireRoom(tx, org, caller.agent());
    PolicyId id = PolicyId.next();
    ObjectNode config = Wish.config(wish);
    String to = speaksTo(tx, caller);
    if (to != null) {
      config.put("to", to);
    }
    mark(tx, caller, config);
    ObjectNode policy =
        Json.object().put("name", wish.path("name").asText()).put("trigger", Wish.trigger(wish));
    policy.set("config", config);
    rooms.activations().add(tx, PolicyCodec.read(id, org, caller.agent(), policy));
    OwnScheduleStore.insert(
        tx,
        org,
        new OwnScheduleStore.Made(id, caller.agent(), caller.run(), call.idempotencyKey()));
    return id;
  }

  private static void requireRoom(Tx tx, OrgId org, AgentId agent) {
    if (OwnScheduleStore.pending(tx, org, agent) >= MOST_PENDING) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "too-many-schedules",
          "You have %d schedules of your own that are to come, which is the most. Delete one first."
              .formatted(MOST_PENDING));
    }
    long since = tx.now() - DAY.toMillis();
    if (OwnScheduleStore.madeSince(tx, org, agent, since) >= MOST_A_DAY) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "too-often",
          "You made %d schedules within 24 hours, which is the most. Change one instead, or wait."
              .formatted(MOST_A_DAY));
    }
  }

  /** The conversation that asked for it, if it is one of a channel. */
  private @Nullable String speaksTo(Tx tx, Tool.Caller caller) {
    return rooms
        .conversations()
        .find(tx, caller.org(), caller.conversation())
        .filter(conversation -> conversation.integration() != null)
        .map(Conversation::key)
        .orElse(null);
  }

  private void mark(Tx tx, Tool.Caller caller, ObjectNode config) {
    if (rooms.runs().taint(tx, caller.org(), caller.run()).untrusted()) {
      config.put("untrusted", true);
    }
  }

  /** The agent's own schedules, the oldest first. */
  List<Seen> list(OrgId org, AgentId agent) {
    return database.read(org, tx -> OwnScheduleStore.list(tx, org, agent)).stream()
        .map(id -> seen(org, id))
        .toList();
  }

  /**
   * Changes name, prompt or times of one of the agent's own.
   *
   * @throws Refusal {@code schedule-not-found}, or what {@link Activations} refuses
   */
  Seen update(Tool.Caller caller, PolicyId id, JsonNode wish) {
    database.write(
        caller.org(),
        tx -> {
          requireOwn(tx, caller, id);
          return rooms
              .activations()
              .change(tx, caller.org(), id, before -> changed(tx, caller, before, wish));
        });
    return seen(caller.org(), id);
  }

  private ActivationPolicy changed(
      Tx tx, Tool.Caller caller, ActivationPolicy before, JsonNode wish) {
    ObjectNode policy = PolicyCodec.write(before).without(List.of("id", "agent_id"));
    ObjectNode config = (ObjectNode) policy.path("config");
    Wish.change(config, wish);
    mark(tx, caller, config);
    if (wish.hasNonNull("name")) {
      policy.put("name", wish.path("name").asText());
    }
    if (Wish.namesTimes(wish)) {
      policy.put("trigger", Wish.trigger(wish));
    }
    return PolicyCodec.read(before.id(), before.org(), before.agent(), policy);
  }

  /**
   * Takes one of the agent's own away; once it is gone, that is well too.
   *
   * @throws Refusal {@code schedule-not-found} when it never was the agent's
   */
  void delete(Tool.Caller caller, PolicyId id) {
    database.write(
        caller.org(),
        tx -> {
          requireOwn(tx, caller, id);
          if (OwnScheduleStore.list(tx, caller.org(), caller.agent()).contains(id)) {
            rooms.activations().remove(tx, caller.org(), id);
          }
          return id;
        });
  }

  private static void requireOwn(Tx tx, Tool.Caller caller, PolicyId id) {
    if (!OwnScheduleStore.made(tx, caller.org(), caller.agent(), id)) {
      throw new Refusal(
          Refusal.Kind.NOT_FOUND,
          "schedule-not-found",
          "You have no schedule %s of your own. See schedule_list; what people made, people change."
              .formatted(id));
    }
  }

  private Seen seen(OrgId org, PolicyId id) {
    ActivationPolicy policy = database.read(org, tx -> rooms.activations().find(tx, org, id));
    return new Seen(policy, rooms.occurrences().describe(org, id));
  }
}
