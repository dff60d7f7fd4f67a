package dev.rookery.policy;

import dev.rookery.agents.Agents;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;

/** The rules on agents. A tool that no rule names is not granted. */
public final class Grants {
  private final Database database;
  private final Journal journal;

  public Grants(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /**
   * Sets a rule; one on the same tool or pattern is replaced.
   *
   * @throws Refusal {@code agent-not-found}
   */
  public void put(OrgId org, AgentId agent, Grant grant) {
    database.write(
        org,
        tx -> {
          Agents.requireExists(tx, org, agent);
          GrantStore.put(tx, org, agent, grant);
          append(tx, org, agent, "grant.changed", grant);
          return true;
        });
  }

  /**
   * Removes a rule.
   *
   * @throws Refusal {@code grant-not-found}
   */
  public void remove(OrgId org, AgentId agent, String tool) {
    database.write(
        org,
        tx -> {
          Grant removed =
              GrantStore.all(tx, org, agent).stream()
                  .filter(grant -> grant.tool().equals(tool))
                  .findFirst()
                  .orElseThrow(() -> Refusal.notFound("grant", tool));
          GrantStore.remove(tx, org, agent, tool);
          append(tx, org, agent, "grant.removed", removed);
          return true;
        });
  }

  /** By tool. */
  public List<Grant> list(OrgId org, AgentId agent) {
    return database.read(org, tx -> list(tx, org, agent));
  }

  /** As {@link #list(OrgId, AgentId)}, as part of a transaction. */
  public List<Grant> list(Tx tx, OrgId org, AgentId agent) {
    return GrantStore.all(tx, org, agent);
  }

  /** Whether the agent may call the tool now, and which rule says so. */
  public GrantRules.Decision decide(OrgId org, AgentId agent, String tool) {
    return GrantRules.decide(list(org, agent), tool);
  }

  /** What the rules say about one call. What no rule names is asked. */
  public Ruling ruling(
      Tx tx, OrgId org, AgentId agent, Action action, Circumstances circumstances) {
    return switch (GrantRules.decide(list(tx, org, agent), action.tool())) {
      case GrantRules.Decision.Granted(var by) ->
          new Ruling(Ruling.Verdict.ALLOW, by.tool(), "It is allowed.");
      case GrantRules.Decision.Denied(var by) ->
          new Ruling(Ruling.Verdict.DENY, by.tool(), "A rule denies it.");
      case GrantRules.Decision.NoMatch() ->
          new Ruling(Ruling.Verdict.ASK, null, "No rule names it.");
    };
  }

  private void append(Tx tx, OrgId org, AgentId agent, String kind, Grant grant) {
    journal.append(
        tx,
        org,
        new JournalEntry(
            kind,
            agent.value(),
            null,
            Json.object().put("tool", grant.tool()).put("verdict", grant.verdict().spelled())));
  }
}
