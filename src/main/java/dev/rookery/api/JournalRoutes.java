package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Json;
import dev.rookery.streams.JournalJson;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The journal, oldest first, with a long poll for what comes next. */
final class JournalRoutes {
  private static final long MAX_WAIT_SECONDS = 25;
  private static final Duration SLICE = Duration.ofSeconds(1);

  private final Journal journal;
  private final BooleanSupplier closing;

  /**
   * @param closing true once the server stops, so that nobody waits any longer
   */
  JournalRoutes(Rooms rooms, BooleanSupplier closing) {
    this.journal = rooms.ground().journal();
    this.closing = closing;
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/journal")
        .does("Reads the journal, oldest first; next_after is the `after` of the next call")
        .allows(Access.VIEWER)
        .query("after", "number of the last record that was read; 0 if not given")
        .query("limit", "at most so many records, 1 to 200; 50 if not given")
        .query("wait_seconds", "waits so long for the first record, 0 to 25")
        .query("conversation", "records of this conversation only")
        .answers(200, "JournalPage")
        .by(this::read);
  }

  private Reply read(Call call) throws InterruptedException {
    long after = call.number("after", 0, 0, Long.MAX_VALUE);
    int limit = call.limit();
    long wait = call.number("wait_seconds", 0, 0, MAX_WAIT_SECONDS);
    String conversation = call.query("conversation");
    long deadline = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Duration patience = left.compareTo(SLICE) < 0 ? left : SLICE;
      List<JournalRecord> read = journal.await(call.org(), after, limit, patience);
      List<JournalRecord> wanted =
          read.stream().filter(record -> concerns(record.entry(), conversation)).toList();
      after = read.isEmpty() ? after : read.getLast().seq();
      boolean more = read.size() == limit;
      if (!wanted.isEmpty() || (!more && (patience.isZero() || closing.getAsBoolean()))) {
        return Reply.ok(page(wanted, after));
      }
    }
  }

  private static boolean concerns(JournalEntry entry, @Nullable String conversation) {
    return conversation == null || conversation.equals(entry.conversation());
  }

  private static ObjectNode page(List<JournalRecord> records, long next) {
    ObjectNode json = Json.object();
    var items = json.putArray("items");
    records.forEach(record -> items.add(JournalJson.of(record)));
    return json.put("next_after", next);
  }
}
