package dev.rookery.homes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the home of an agent may hold words that nobody vouches for. A run that held such words
 * marks the home before it writes there; from then on all that reads the home holds them too, until
 * a person has looked and says that it is well.
 */
public final class HomeTrust {
  private final Database database;
  private final Journal journal;

  public HomeTrust(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /** The run that first brought them in, since the home was trusted last. */
  public record Mark(RunId run, Instant since) {}

  public Optional<Mark> find(OrgId org, AgentId agent) {
    return database.read(org, tx -> find(tx, org, agent));
  }

  public Optional<Mark> find(Tx tx, OrgId org, AgentId agent) {
    return HomeMarkStore.find(tx, org, agent);
  }

  /** In the commit that lets a call begin. A home that is marked keeps its first mark. */
  public void mark(Tx tx, OrgId org, AgentId agent, RunId run) {
    if (HomeMarkStore.insert(tx, org, agent, run)) {
      note(tx, org, "home.marked", agent, Json.object().put("run", run.value()));
    }
  }

  /**
   * A person vouches for what the home holds now.
   *
   * @return whether it was marked
   */
  public boolean trust(OrgId org, AgentId agent, String by) {
    return database.write(
        org,
        tx -> {
          boolean marked = HomeMarkStore.delete(tx, org, agent);
          if (marked) {
            note(tx, org, "home.trusted", agent, Json.object().put("by", by));
          }
          return marked;
        });
  }

  private void note(Tx tx, OrgId org, String kind, AgentId agent, ObjectNode data) {
    journal.append(tx, org, new JournalEntry(kind, agent.value(), null, data).of(agent));
  }
}
