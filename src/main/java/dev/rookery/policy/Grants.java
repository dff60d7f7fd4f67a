package dev.rookery.policy;

import dev.rookery.agents.Agents;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RuleId;
import dev.rookery.kernel.Text;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rules on agents, and on everyone. What no rule names asks, or is not offered at all. */
public final class Grants {
  private static final String SYSTEM = "system";

  private final Database database;
  private final Journal journal;

  public Grants(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /** As {@link #put(OrgId, AgentId, Grant, String)}, by the system itself. */
  public void put(OrgId org, AgentId agent, Grant grant) {
    put(org, agent, grant, SYSTEM);
  }

  /**
   * Sets a rule; one with the same text is replaced.
   *
   * @param agent null for every agent of the organization
   * @param by who sets it, as people say it
   * @throws Refusal {@code agent-not-found}
   */
  public StoredGrant put(OrgId org, @Nullable AgentId agent, Grant grant, String by) {
    return database.write(org, tx -> put(tx, org, agent, grant, by));
  }

  private StoredGrant put(Tx tx, OrgId org, @Nullable AgentId agent, Grant grant, String by) {
    if (agent != null) {
      Agents.requireExists(tx, org, agent);
    }
    GrantStore.put(tx, org, agent, grant, by);
    StoredGrant stored =
        require(tx, org, agent, it -> it.grant().rule().equals(grant.rule()), grant.rule());
    append(tx, org, "grant.changed", stored);
    return stored;
  }

  /**
   * Puts the rules of a profile on an agent, in one commit. They are rules like any others from
   * then on; a later change of the profile changes nothing.
   *
   * @param replace whether the agent's own rules of before are removed
   * @throws Refusal {@code agent-not-found}
   */
  public List<StoredGrant> apply(
      OrgId org, AgentId agent, Profile profile, boolean replace, String by) {
    return database.write(
        org,
        tx -> {
          Agents.requireExists(tx, org, agent);
          if (replace) {
            GrantStore.all(tx, org, agent).stream()
                .filter(it -> agent.equals(it.agent()))
                .forEach(it -> remove(tx, org, it));
          }
          profile.grants().forEach(grant -> put(tx, org, agent, grant, by));
          return GrantStore.all(tx, org, agent);
        });
  }

  /**
   * Removes a rule.
   *
   * @param agent null when it is on every agent
   * @throws Refusal {@code grant-not-found}
   */
  public void remove(OrgId org, @Nullable AgentId agent, String rule) {
    database.write(
        org,
        tx -> {
          remove(tx, org, require(tx, org, agent, it -> it.grant().rule().equals(rule), rule));
          return true;
        });
  }

  /**
   * Removes a rule, on whomever it is.
   *
   * @throws Refusal {@code grant-not-found}
   */
  public void remove(OrgId org, RuleId id) {
    database.write(
        org,
        tx -> {
          remove(tx, org, GrantStore.find(tx, org, id).orElseThrow(() -> notFound(id.value())));
          return true;
        });
  }

  private static Refusal notFound(String key) {
    return new Refusal(
        Refusal.Kind.NOT_FOUND,
        "grant-not-found",
        "There is no rule '" + Text.brief(key, 80) + "' here. List them with: rookery policy list");
  }

  private void remove(Tx tx, OrgId org, StoredGrant stored) {
    GrantStore.remove(tx, org, stored.id());
    append(tx, org, "grant.removed", stored);
  }

  private static StoredGrant require(
      Tx tx, OrgId org, @Nullable AgentId agent, Predicate<StoredGrant> which, String key) {
    return GrantStore.all(tx, org, agent).stream()
        .filter(it -> Objects.equals(it.agent(), agent) && which.test(it))
        .findFirst()
        .orElseThrow(() -> notFound(key));
  }

  /** The texts of those in force for the agent, its own and those on everyone, by their text. */
  public List<Grant> list(OrgId org, AgentId agent) {
    return database.read(org, tx -> list(tx, org, agent));
  }

  /** As {@link #list(OrgId, AgentId)}, as part of a transaction. */
  public List<Grant> list(Tx tx, OrgId org, AgentId agent) {
    return GrantStore.all(tx, org, agent).stream().map(StoredGrant::grant).toList();
  }

  /** Those on the agent and on everyone, with their ids; those on everyone when it is null. */
  public List<StoredGrant> stored(OrgId org, @Nullable AgentId agent) {
    return database.read(org, tx -> GrantStore.all(tx, org, agent));
  }

  /** Ready for decisions on calls of the agent. */
  public Ruleset ruleset(OrgId org, AgentId agent) {
    return database.read(org, tx -> ruleset(tx, org, agent));
  }

  /** As {@link #ruleset(OrgId, AgentId)}, as part of a transaction. */
  public Ruleset ruleset(Tx tx, OrgId org, AgentId agent) {
    return Ruleset.of(list(tx, org, agent));
  }

  private void append(Tx tx, OrgId org, String kind, StoredGrant stored) {
    AgentId agent = stored.agent();
    journal.append(
        tx,
        org,
        new JournalEntry(
                kind,
                agent == null ? stored.id().value() : agent.value(),
                null,
                Json.object()
                    .put("rule", stored.grant().rule())
                    .put("verdict", stored.grant().verdict().label())
                    .put("by", stored.createdBy()))
            .of(agent));
  }
}
