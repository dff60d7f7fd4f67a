package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads the server's journal as it grows, by long polls, and remembers all of it. */
final class JournalTail {
  private static final int LONGEST_POLL = 5;

  private final List<Entry> entries = new ArrayList<>();
  private ServerApi api;
  private long after;

  /** One entry; {@code conversation} is empty for what belongs to none. */
  record Entry(
      long seq, Instant at, String kind, String subject, String conversation, JsonNode data) {
    static Entry of(JsonNode json) {
      return new Entry(
          json.path("seq").asLong(),
          Instant.parse(json.path("at").asText()),
          json.path("kind").asText(),
          json.path("subject").asText(),
          json.path("conversation").isNull() ? "" : json.path("conversation").asText(""),
          json.path("data"));
    }

    boolean is(String kind) {
      return this.kind.equals(kind);
    }

    boolean in(Story.Line line) {
      return line.isIn(conversation);
    }

    String field(String name) {
      JsonNode value = data.path(name);
      return value.isNull() ? "" : value.asText("");
    }
  }

  JournalTail(ServerApi api) {
    this.api = api;
  }

  /** Goes on at the same entry with a server that was started again. */
  void attach(ServerApi restarted) {
    this.api = restarted;
  }

  /** All that was read so far, oldest first. */
  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /**
   * The first entry that is what was waited for; reads on until there is one.
   *
   * @param seen gets each entry that is read meanwhile
   */
  Entry until(Predicate<Entry> wanted, String what, Duration atMost, Consumer<Entry> seen)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    Optional<Entry> found = entries.stream().filter(wanted).findFirst();
    while (found.isEmpty() && System.nanoTime() < deadline) {
      List<Entry> fresh = read(LONGEST_POLL);
      fresh.forEach(seen);
      found = fresh.stream().filter(wanted).findFirst();
    }
    if (found.isPresent()) {
      return found.get();
    }
    throw new DemoFailure(
        "Waited %d s for %s; the journal does not show it (%d entries, the last is %s)."
            .formatted(
                atMost.toSeconds(),
                what,
                entries.size(),
                entries.isEmpty() ? "none" : entries.getLast().kind()));
  }

  /** Reads what there is. */
  void catchUp() throws InterruptedException {
    while (!read(0).isEmpty()) {
      // The next page.
    }
  }

  private List<Entry> read(int waitSeconds) throws InterruptedException {
    JsonNode page =
        api.get("/api/v1/journal?limit=200&after=%d&wait_seconds=%d".formatted(after, waitSeconds));
    List<Entry> fresh = new ArrayList<>();
    page.path("items").forEach(item -> fresh.add(Entry.of(item)));
    after = page.path("next_after").asLong(after);
    entries.addAll(fresh);
    return fresh;
  }

  /** The whole journal as it is now, read anew from its beginning. */
  static List<Entry> whole(ServerApi api) throws InterruptedException {
    JournalTail again = new JournalTail(api);
    again.catchUp();
    return again.entries();
  }
}
