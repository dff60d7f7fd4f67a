package dev.rookery.streams;

import dev.rookery.agents.Agents;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Outbox;
import dev.rookery.delivery.Senders;
import dev.rookery.inbox.Conversations;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Principal;
import dev.rookery.orgs.Role;
import dev.rookery.runs.Runs;
import dev.rookery.runs.TokenDelta;
import dev.rookery.spend.Prices;
import dev.rookery.spend.Spend;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node's streams over a database; two of them over one database are two nodes. */
final class StreamStage implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(20);

  final Database database;
  final Journal journal;
  final ApiKeys keys;
  final Streams streams;

  StreamStage(Database database, Fan.Size size) {
    this.database = database;
    this.journal = new Journal(database);
    this.keys = new ApiKeys(database, journal, Runnable::run);
    Outbox outbox = new Outbox(new Conversations(database), new Senders(List.of()), journal);
    Runs runs =
        new Runs(
            database,
            journal,
            outbox,
            new Runs.Gates(
                new Approvals(
                    database,
                    journal,
                    new Approvals.Places(new Conversations(database), outbox),
                    (_, _, _, _) -> ""),
                new Spend(
                    database, journal, new Prices(database, journal, Path.of("prices.yaml")))));
    Agents agents = new Agents(database, journal, (_, _) -> {});
    this.streams = new Streams(new Streams.Rooms(journal, keys, runs, agents), size);
  }

  Principal viewer(OrgId org) {
    ApiKey.Created created = keys.create(org, new ApiKey.Wish("eyes", Role.VIEWER, null));
    return keys.authenticate(created.secret());
  }

  RunId newRun(OrgId org) {
    return database.write(org, tx -> Rows.run(tx, org, Rows.agent(tx, org)));
  }

  /** One commit. */
  void append(OrgId org, JournalEntry... entries) {
    database.write(
        org,
        tx -> {
          List.of(entries).forEach(entry -> journal.append(tx, org, entry));
          return entries.length;
        });
  }

  static JournalEntry entry(String subject, int n) {
    return new JournalEntry("test.happened", subject, null, Json.object().put("n", n));
  }

  static JournalEntry about(String kind, String subject, @Nullable RunId run) {
    return new JournalEntry(
        kind, subject, null, Json.object().put("run", run == null ? null : run.value()));
  }

  static TokenDelta token(OrgId org, RunId run, int step, String text) {
    return new TokenDelta(org, run, AgentId.next(), "talk:1", step, 1, text);
  }

  /** Reads until it has so many records. */
  static List<Long> read(Subscription from, int records) throws InterruptedException {
    List<Long> seen = new ArrayList<>();
    while (seen.size() < records) {
      List<Item> items = from.next(LONG);
      if (items.isEmpty()) {
        return seen;
      }
      seen.addAll(numbers(items));
    }
    return seen;
  }

  static List<Long> numbers(List<Item> items) {
    return items.stream()
        .filter(Item.Entry.class::isInstance)
        .map(item -> ((Item.Entry) item).record().seq())
        .toList();
  }

  @Override
  public void close() {
    streams.close();
  }
}
