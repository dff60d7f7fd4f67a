package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Inbox;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Messages to an agent over the API and from the terminal, also spelled as new runs. They take the
 * path of all events.
 */
final class MessageRoutes {
  private static final Pattern CONVERSATION = Pattern.compile("(api|cli):[!-~]{1,196}");
  private static final Pattern COMMAND = Pattern.compile("/([A-Za-z0-9_]{1,32})(?:\\s.*)?", 32);
  private static final int MAX_SENDER = 200;
  private static final Shape NEW_MESSAGE =
      Shape.of(
          "NewMessage",
          required("text", TEXT, "what is said to the agent"),
          optional("conversation", TEXT, "begins with api: or cli:; one per key if not given"),
          optional("sender", TEXT, "name of the person who speaks; the key's if not given"));

  private static final Shape NEW_RUN =
      Shape.of(
          "NewRun",
          required("agent", TEXT, "id or handle of who is to work"),
          required("text", TEXT, "what is said to the agent"),
          optional("conversation", TEXT, "begins with api: or cli:; one per key if not given"),
          optional("sender", TEXT, "name of the person who speaks; the key's if not given"));

  private final Rooms rooms;
  private final Counters counters;
  private final InstantSource clock;

  MessageRoutes(Rooms rooms, Counters counters, InstantSource clock) {
    this.rooms = rooms;
    this.counters = counters;
    this.clock = clock;
  }

  void enter(Routes routes) {
    routes
        .post("/api/v1/agents/{id}/messages")
        .does("Says something to an agent; repeats with one Idempotency-Key make one event")
        .allows(Access.OPERATOR)
        .takes(NEW_MESSAGE)
        .answers(202, "MessageAccepted")
        .by(call -> accept(call, call.body(NEW_MESSAGE), call.path("id")));
    routes
        .post("/api/v1/runs")
        .does("Asks an agent for a run, as a message that wakes it; follow it by its event")
        .allows(Access.OPERATOR)
        .takes(NEW_RUN)
        .answers(202, "MessageAccepted")
        .by(this::acceptRun);
  }

  private Reply acceptRun(Call call) {
    Fields body = call.body(NEW_RUN);
    return accept(call, body, body.text("agent"));
  }

  private Reply accept(Call call, Fields body, String whom) {
    OrgId org = call.org();
    Agent agent = rooms.domain().agents().require(org, whom);
    Inbound inbound = inbound(call, body, conversation(call, body, agent));
    Inbox.Accepted accepted =
        rooms.flow().inbox().acceptAll(org, List.of(inbound), agent.id()).getFirst();
    if (accepted.duplicate()) {
      refuseOther(rooms.flow().events().find(org, accepted.event()), inbound, agent);
    }
    counters.event(org, accepted.duplicate() ? "duplicate" : "accepted");
    ObjectNode json =
        Json.object()
            .put("event_id", accepted.event().value())
            .put("duplicate", accepted.duplicate())
            .put("conversation", inbound.place().conversationKey());
    return Reply.json(202, json);
  }

  private static String conversation(Call call, Fields body, Agent agent) {
    String given = body.textOrNull("conversation");
    if (given == null) {
      return "api:" + agent.id() + ":" + call.principal().key();
    }
    return checked(given);
  }

  /**
   * A name for a conversation inside Rookery.
   *
   * @throws Refusal {@code bad-conversation}
   */
  static String checked(String given) {
    if (!CONVERSATION.matcher(given).matches()) {
      throw Refusal.badInput(
          "bad-conversation",
          "'%s' cannot be used as a conversation: begin with api: or cli:, then 1 to 196 printable"
              + " ASCII characters without spaces.",
          Text.brief(Text.clean(given), 60));
    }
    return given;
  }

  private Inbound inbound(Call call, Fields body, String conversation) {
    String text = body.text("text");
    if (text.isBlank()) {
      throw Refusal.badInput("bad-value", "The field 'text' must not be empty.");
    }
    String sender = Text.brief(body.text("sender", call.principal().name()), MAX_SENDER);
    String command = command(text);
    Instant now = Instant.ofEpochMilli(clock.millis());
    return new Inbound(
        new Inbound.Origin("api", null, null),
        command == null ? "message" : "command",
        dedupeKey(call),
        new Inbound.Place(conversation, null, conversation, sender, true),
        new Inbound.Actor(Inbound.Actor.Kind.MEMBER, call.principal().key().value(), sender, 0),
        now,
        new Inbound.Content(text, true, command, List.of()),
        body.json());
  }

  private static @Nullable String command(String text) {
    Matcher matcher = COMMAND.matcher(text.strip());
    return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : null;
  }

  /** Keys of one API key do not meet those of another. */
  static String dedupeKey(Call call) {
    String given = call.header(Idempotency.HEADER);
    if (given == null) {
      return Ids.next("req");
    }
    if (!Idempotency.KEY.matcher(given).matches()) {
      throw Refusal.badInput(
          "bad-idempotency-key", "An Idempotency-Key has 1 to 200 printable ASCII characters.");
    }
    return call.principal().key() + ":" + given;
  }

  private static void refuseOther(Event first, Inbound now, Agent agent) {
    boolean same =
        agent.id().equals(first.target())
            && first.what().type().equals(now.type())
            && first.what().content().text().equals(now.content().text())
            && first.what().place().conversationKey().equals(now.place().conversationKey());
    if (!same) {
      throw reused(first);
    }
  }

  static Refusal reused(Event first) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "idempotency-key-reused",
        "This Idempotency-Key was used for something else, event "
            + first.id()
            + "; nothing was done. Use a new key for a new request.");
  }
}
