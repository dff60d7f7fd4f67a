package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with an agent, through the path of all events. It outlives the server: each
 * request is repeated until answered, and a repeated message has the same idempotency key.
 */
final class Dialogue {
  private static final int PAGE = 200;
  private static final long WAIT_SECONDS = 25;
  private static final long WAIT_FOR_DECISION = 1;

  private final Api api;
  private final Patience patience;
  private final String agent;
  private @Nullable String conversation;
  private long seen;

  /**
   * @param conversation null takes the server's own for this key and agent
   */
  Dialogue(Api api, Patience patience, String agent, @Nullable String conversation) {
    this.api = api;
    this.patience = patience;
    this.agent = agent;
    this.conversation = conversation;
    this.seen = api.get(Route.of("status")).path("journal_head").asLong();
  }

  /**
   * Says something and waits for what comes of it.
   *
   * @param limit how long to wait; the run goes on without us
   * @param entries sees each journal entry of the conversation
   */
  Turn say(String text, Duration limit, Consumer<JsonNode> entries) {
    ObjectNode body = Json.object().put("text", text);
    if (conversation != null) {
      body.put("conversation", conversation);
    }
    String key = Ids.next("msg");
    JsonNode accepted =
        patience.call(() -> api.post(Route.of("agents/{}/messages", agent), body, key));
    String where = accepted.path("conversation").asText();
    conversation = where;
    Turn turn = new Turn(accepted.path("event_id").asText(), where);
    long deadline = System.nanoTime() + limit.toNanos();
    while (turn.ending() == null) {
      advance(turn, where, deadline - System.nanoTime(), entries);
    }
    while (read(turn, where, 0, entries) > 0) {
      // What was committed with the end, such as the last words, is read too.
    }
    turn.answered();
    return turn;
  }

  private void advance(Turn turn, String where, long leftNanos, Consumer<JsonNode> entries) {
    if (leftNanos <= 0) {
      turn.end(Turn.Ending.TIMEOUT, "No reply in time.");
      return;
    }
    long left = Math.max(1, Duration.ofNanos(leftNanos).toSeconds());
    boolean knew = turn.run() != null;
    long wait = Math.min(left, knew ? WAIT_SECONDS : WAIT_FOR_DECISION);
    int read = read(turn, where, wait, entries);
    if (turn.ending() == null && turn.run() == null) {
      turn.decided(patience.call(() -> api.get(Route.of("events/{}", turn.event()))));
    }
    String run = turn.run();
    boolean mayStandAlready = knew ? read == 0 : turn.joined();
    if (turn.ending() == null && run != null && mayStandAlready) {
      JsonNode shown = patience.call(() -> api.get(Route.of("runs/{}", run)));
      turn.stands(shown.path("state").asText(), Turn.reason(shown));
    }
  }

  private int read(Turn turn, String where, long waitSeconds, Consumer<JsonNode> entries) {
    Route route =
        Route.of("journal")
            .with("after", seen)
            .with("limit", PAGE)
            .with("wait_seconds", waitSeconds)
            .with("conversation", where);
    JsonNode page = patience.call(() -> api.get(route));
    for (JsonNode entry : page.path("items")) {
      turn.note(entry);
      entries.accept(entry);
    }
    seen = page.path("next_after").asLong(seen);
    return page.path("items").size();
  }
}
