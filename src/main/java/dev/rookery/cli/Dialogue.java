package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with an agent, through the path of all events. It outlives the server: a message
 * is sent until it is answered, and a repeated one has the same idempotency key; what comes of it
 * is followed over the gateway, which goes on where it was.
 */
final class Dialogue implements AutoCloseable {
  private static final int PAGE = 200;
  private static final Duration QUIET = Duration.ofSeconds(25);
  private static final Duration DECISION = Duration.ofSeconds(1);

  private final Api api;
  private final Patience patience;
  private final String agent;
  private final long from;
  private final Gateway gateway;
  private @Nullable String conversation;

  /**
   * Connects before anything is said, so that no piece of the reply is missed.
   *
   * @param conversation null takes the server's own for this key and agent
   * @throws CliFailure when the server is not there
   */
  Dialogue(Api api, Patience patience, String agent, @Nullable String conversation) {
    this.api = api;
    this.patience = patience;
    this.agent = agent;
    this.conversation = conversation;
    ObjectNode scope =
        conversation == null
            ? Json.object().put("agent", agent)
            : Json.object().put("conversation", conversation);
    this.gateway = new Gateway(api, patience, scope, Gateway.NOW).open();
    this.from = gateway.seen();
  }

  /** Null until something was said, when none was given. */
  @Nullable String conversation() {
    return conversation;
  }

  /** Says something. What comes of it is learned with {@link #follow}. */
  Turn say(String text) {
    ObjectNode body = Json.object().put("text", text);
    if (conversation != null) {
      body.put("conversation", conversation);
    }
    String key = Ids.next("msg");
    JsonNode accepted =
        patience.call(() -> api.post(Route.of("agents/{}/messages", agent), body, key));
    String where = accepted.path("conversation").asText();
    if (conversation == null) {
      conversation = where;
      gateway.replace(Json.object().put("conversation", where), from);
    }
    return new Turn(accepted.path("event_id").asText(), where);
  }

  /**
   * Waits for what comes of it.
   *
   * @param limit how long to wait; the run goes on without us
   * @param events sees all that happens in the conversation
   */
  void follow(Turn turn, Duration limit, Consumer<GatewayEvent> events) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (turn.ending() == null) {
      advance(turn, Duration.ofNanos(deadline - System.nanoTime()), events);
    }
    rest(turn, events);
    turn.answered();
  }

  private void advance(Turn turn, Duration left, Consumer<GatewayEvent> events) {
    if (!left.isPositive()) {
      turn.end(Turn.Ending.TIMEOUT, "No reply in time.");
      return;
    }
    boolean knew = turn.run() != null;
    Duration wait = knew ? QUIET : DECISION;
    List<GatewayEvent> came = gateway.next(left.compareTo(wait) < 0 ? left : wait);
    came.forEach(event -> note(turn, event, events));
    boolean mayBeDecided = came.isEmpty() || came.stream().anyMatch(Dialogue::endsWithoutRun);
    if (turn.ending() == null && turn.run() == null && mayBeDecided) {
      turn.decided(patience.call(() -> api.get(Route.of("events/{}", turn.event()))));
    }
    String run = turn.run();
    boolean mayStandAlready = knew ? came.isEmpty() : turn.joined();
    if (turn.ending() == null && run != null && mayStandAlready) {
      JsonNode shown = patience.call(() -> api.get(Route.of("runs/{}", run)));
      turn.stands(shown.path("state").asText(), Turn.reason(shown));
    }
  }

  /** Nobody woke, the message could not be dispatched, or it was a command. */
  private static boolean endsWithoutRun(GatewayEvent event) {
    return switch (event.payload().path("kind").asText()) {
      case "activation.decided" -> !event.payload().path("data").hasNonNull("run");
      case "event.dead", "delivery.sent" -> true;
      default -> false;
    };
  }

  private static void note(Turn turn, GatewayEvent event, Consumer<GatewayEvent> events) {
    if (!event.token()) {
      turn.note(event.payload());
    }
    events.accept(event);
  }

  /** What was committed with the end, such as the last words, may still be on its way: read it. */
  private void rest(Turn turn, Consumer<GatewayEvent> events) {
    int read = PAGE;
    while (read == PAGE) {
      Route route =
          Route.of("journal")
              .with("after", gateway.seen())
              .with("limit", PAGE)
              .with("wait_seconds", 0)
              .with("conversation", conversation);
      JsonNode items = patience.call(() -> api.get(route)).path("items");
      read = items.size();
      for (JsonNode record : items) {
        if (gateway.advance(record.path("seq").asLong())) {
          note(turn, GatewayEvent.ofRecord(record), events);
        }
      }
    }
  }

  /** Whether there is something to follow while nothing was said. */
  boolean open() {
    return conversation != null;
  }

  /** What happens while nobody waits for a reply; empty when nothing did in time. */
  List<GatewayEvent> idle(Duration limit) {
    return gateway.next(limit);
  }

  /** Ends {@link #idle} early. */
  void nudge() {
    gateway.nudge();
  }

  /** A request over the connection that is there anyway; may be made from any thread. */
  JsonNode call(String method, ObjectNode params) {
    return gateway.call(method, params);
  }

  @Override
  public void close() {
    gateway.close();
  }
}
