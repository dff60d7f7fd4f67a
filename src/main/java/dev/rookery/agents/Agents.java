package dev.rookery.agents;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The agents of organizations. */
public final class Agents {
  private static final int MAX_PAGE = 1_000;

  private final Database database;
  private final Journal journal;
  private final BiConsumer<Tx, Agent> onCreate;

  /**
   * @param onCreate gives a new agent what it starts with, in the transaction that makes it
   */
  public Agents(Database database, Journal journal, BiConsumer<Tx, Agent> onCreate) {
    this.database = database;
    this.journal = journal;
    this.onCreate = onCreate;
  }

  /**
   * A new, enabled agent.
   *
   * @throws Refusal {@code agent-exists} when the handle is taken in this organization
   */
  public Agent create(OrgId org, NewAgent wish) {
    return database.write(
        org,
        tx -> {
          Agent agent =
              new Agent(
                  org,
                  AgentId.next(),
                  wish.handle(),
                  wish.name(),
                  wish.instructions(),
                  wish.model(),
                  true,
                  tx.now());
          if (AgentStore.insert(tx, org, agent) == 0) {
            throw new Refusal(
                Refusal.Kind.CONFLICT,
                "agent-exists",
                "There is an agent '" + wish.handle() + "' already; choose another handle.");
          }
          var data = Json.object().put("handle", agent.handle()).put("name", agent.name());
          append(
              tx,
              agent,
              new JournalEntry("agent.created", agent.id().value(), null, data).of(agent.id()));
          onCreate.accept(tx, agent);
          return agent;
        });
  }

  /**
   * Up to {@code limit} agents, oldest first.
   *
   * @param after the last agent of the page before; null for the first page
   */
  public List<Agent> list(OrgId org, @Nullable AgentId after, int limit) {
    String start = after == null ? "" : after.value();
    return database.read(
        org, tx -> AgentStore.after(tx, org, start, Math.clamp(limit, 1, MAX_PAGE)));
  }

  /**
   * Up to {@code limit} agents, newest first.
   *
   * @param before the last agent of the page before; null for the first page
   */
  public List<Agent> newest(OrgId org, @Nullable AgentId before, int limit) {
    String start = before == null ? null : before.value();
    return database.read(
        org, tx -> AgentStore.newest(tx, org, start, Math.clamp(limit, 1, MAX_PAGE)));
  }

  public long count(OrgId org) {
    return database.read(org, tx -> AgentStore.count(tx, org));
  }

  public Optional<Agent> find(OrgId org, AgentId id) {
    return database.read(org, tx -> AgentStore.find(tx, org, id));
  }

  /**
   * The agent of this id or handle.
   *
   * @throws Refusal {@code agent-not-found}
   */
  public Agent require(OrgId org, String idOrHandle) {
    return database.read(
        org,
        tx ->
            (Ids.matches("agt", idOrHandle)
                    ? AgentStore.find(tx, org, new AgentId(idOrHandle))
                    : AgentStore.findByHandle(tx, org, idOrHandle))
                .orElseThrow(() -> Refusal.notFound("agent", idOrHandle)));
  }

  /** As {@link #find(OrgId, AgentId)}, as part of a transaction. */
  public static Optional<Agent> find(Tx tx, OrgId org, AgentId id) {
    return AgentStore.find(tx, org, id);
  }

  /**
   * For rooms whose rows refer to agents.
   *
   * @throws Refusal {@code agent-not-found}
   */
  public static void requireExists(Tx tx, OrgId org, AgentId id) {
    if (AgentStore.find(tx, org, id).isEmpty()) {
      throw Refusal.notFound("agent", id.value());
    }
  }

  /** As {@link #find(Tx, OrgId, AgentId)}, by handle. */
  public static Optional<Agent> findByHandle(Tx tx, OrgId org, String handle) {
    return AgentStore.findByHandle(tx, org, handle);
  }

  /**
   * Changes an agent; runs that are under way keep what they started with.
   *
   * @throws Refusal {@code agent-not-found}
   */
  public Agent update(OrgId org, AgentId id, AgentEdit edit) {
    return database.write(
        org,
        tx -> {
          Agent changed = change(tx, org, id, agent -> edit.applyTo(agent, tx.now()));
          var data = Json.object();
          edit.fields().forEach(data.putArray("fields")::add);
          append(tx, changed, new JournalEntry("agent.updated", id.value(), null, data).of(id));
          return changed;
        });
  }

  /**
   * A disabled agent is woken by nothing.
   *
   * @throws Refusal {@code agent-not-found}
   */
  public Agent setEnabled(OrgId org, AgentId id, boolean enabled) {
    return database.write(
        org,
        tx -> {
          Agent changed = change(tx, org, id, agent -> switched(agent, enabled, tx.now()));
          var data = Json.object().put("enabled", enabled);
          append(tx, changed, new JournalEntry("agent.updated", id.value(), null, data).of(id));
          return changed;
        });
  }

  private static Agent change(Tx tx, OrgId org, AgentId id, UnaryOperator<Agent> edit) {
    Agent agent =
        AgentStore.lock(tx, org, id).orElseThrow(() -> Refusal.notFound("agent", id.value()));
    Agent changed = edit.apply(agent);
    AgentStore.update(tx, org, changed);
    return changed;
  }

  private static Agent switched(Agent agent, boolean enabled, long now) {
    return new Agent(
        agent.org(),
        agent.id(),
        agent.handle(),
        agent.name(),
        agent.instructions(),
        agent.model(),
        enabled,
        now);
  }

  private void append(Tx tx, Agent agent, JournalEntry entry) {
    journal.append(tx, agent.org(), entry);
  }
}
