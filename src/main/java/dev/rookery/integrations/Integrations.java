package dev.rookery.integrations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agents;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.secrets.Vault;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The integrations of organizations (spec 04). Secrets go in and never come out. */
public final class Integrations {
  /** Field of the configuration with the channel's ids of users who are members. */
  public static final String MEMBERS = "members";

  private static final Pattern USER = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Database database;
  private final Journal journal;
  private final Vault vault;

  public Integrations(Database database, Journal journal, Vault vault) {
    this.database = database;
    this.journal = journal;
    this.vault = vault;
  }

  /** The place of an integration's secret, as the vault wants it. */
  public static Vault.Field secret(Integration integration, String field) {
    return secret(integration.org(), integration.id(), field);
  }

  private static Vault.Field secret(OrgId org, IntegrationId id, String field) {
    return new Vault.Field(org, "integration", field, id.value());
  }

  /**
   * A new, enabled integration.
   *
   * @throws Refusal as {@link #store}
   */
  public Integration create(OrgId org, NewIntegration wish) {
    return store(draft(org, wish));
  }

  /**
   * An integration as it will be stored, with its secrets sealed, so that its channel can try it
   * first.
   *
   * @throws Refusal {@code integration-exists}
   */
  public Integration draft(OrgId org, NewIntegration wish) {
    if (database.read(org, tx -> IntegrationStore.findByName(tx, org, wish.name())).isPresent()) {
      throw exists(wish.name());
    }
    IntegrationId id = IntegrationId.next();
    Map<String, String> sealed = new HashMap<>();
    wish.secrets()
        .forEach((field, value) -> sealed.put(field, vault.seal(secret(org, id, field), value)));
    return new Integration(
        org, id, wish.channel(), wish.name(), wish.config(), sealed, wish.agents(), true);
  }

  /**
   * Stores a draft.
   *
   * @throws Refusal {@code integration-exists}; {@code agent-not-found} when it shall serve one
   *     that the organization does not have
   */
  public Integration store(Integration draft) {
    OrgId org = draft.org();
    return database.write(
        org,
        tx -> {
          draft.agents().forEach(agent -> Agents.requireExists(tx, org, agent));
          if (IntegrationStore.insert(tx, org, draft) == 0) {
            throw exists(draft.name());
          }
          var data = Json.object().put("channel", draft.channel()).put("name", draft.name());
          append(tx, draft, "integration.created", data);
          return draft;
        });
  }

  private static Refusal exists(String name) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "integration-exists",
        "There is an integration '" + name + "' already; choose another name.");
  }

  /** Oldest first. */
  public List<Integration> list(OrgId org) {
    return database.read(org, tx -> IntegrationStore.all(tx, org));
  }

  public Optional<Integration> find(OrgId org, IntegrationId id) {
    return database.read(org, tx -> IntegrationStore.find(tx, org, id));
  }

  /** As {@link #find(OrgId, IntegrationId)}, inside a transaction of the caller's. */
  public Optional<Integration> find(Tx tx, OrgId org, IntegrationId id) {
    return IntegrationStore.find(tx, org, id);
  }

  /**
   * The integration of this id or name.
   *
   * @throws Refusal {@code integration-not-found}
   */
  public Integration require(OrgId org, String idOrName) {
    return database.read(
        org,
        tx ->
            (Ids.matches("int", idOrName)
                    ? IntegrationStore.find(tx, org, new IntegrationId(idOrName))
                    : IntegrationStore.findByName(tx, org, idOrName))
                .orElseThrow(() -> Refusal.notFound("integration", idOrName)));
  }

  /** For webhooks, which name nothing but the integration. */
  public Optional<Integration> locate(IntegrationId id) {
    return database.readAcrossOrgs(tx -> IntegrationStore.locate(tx, id));
  }

  /** The enabled ones of a channel in all organizations, for its poller. */
  public List<Integration> enabled(String channel) {
    return database.readAcrossOrgs(tx -> IntegrationStore.enabled(tx, channel));
  }

  /** What people may see of it. */
  public Description describe(Integration integration) {
    return new Description(
        integration.id(),
        integration.channel(),
        integration.name(),
        integration.config(),
        new TreeSet<>(integration.sealed().keySet()),
        integration.agents(),
        integration.enabled());
  }

  /**
   * A disabled integration receives and sends nothing.
   *
   * @throws Refusal {@code integration-not-found}
   */
  public Integration setEnabled(OrgId org, IntegrationId id, boolean enabled) {
    return database.write(
        org,
        tx -> {
          IntegrationStore.setEnabled(tx, org, id, enabled);
          Integration changed = IntegrationStore.find(tx, org, id).orElseThrow(() -> missing(id));
          append(tx, changed, "integration.updated", Json.object().put("enabled", enabled));
          return changed;
        });
  }

  /**
   * Sets the given fields of the configuration and leaves the others.
   *
   * @throws Refusal {@code integration-not-found}
   */
  public Integration updateConfig(OrgId org, IntegrationId id, ObjectNode fields) {
    return database.write(
        org,
        tx -> {
          Integration before = IntegrationStore.lock(tx, org, id).orElseThrow(() -> missing(id));
          ObjectNode config = before.config().deepCopy();
          config.setAll(fields);
          if (config.equals(before.config())) {
            return before;
          }
          IntegrationStore.setConfig(tx, org, id, config);
          ObjectNode data = Json.object();
          fields.fieldNames().forEachRemaining(data.putArray("fields")::add);
          append(tx, before, "integration.updated", data);
          return IntegrationStore.find(tx, org, id).orElseThrow(() -> missing(id));
        });
  }

  /**
   * Says whether a user of the channel speaks for the organization: a member's words are trusted,
   * and a member answers requests for permission there.
   *
   * @param user the channel's own id of the user, which never changes hands
   * @throws Refusal {@code integration-not-found}, {@code bad-user-id}
   */
  public Integration setMember(OrgId org, IntegrationId id, String user, boolean member) {
    if (!USER.matcher(user).matches()) {
      throw Refusal.badInput(
          "bad-user-id",
          "'%s' is not a user's id: 1 to 64 letters, digits, '-', '_' or '.', and never a name.",
          Text.brief(Text.clean(user), 60));
    }
    return database.write(
        org,
        tx -> {
          Integration before = IntegrationStore.lock(tx, org, id).orElseThrow(() -> missing(id));
          TreeSet<String> members = new TreeSet<>();
          before.config().path(MEMBERS).forEach(m -> members.add(m.asText()));
          if (member ? !members.add(user) : !members.remove(user)) {
            return before;
          }
          ObjectNode config = before.config().deepCopy();
          members.forEach(config.putArray(MEMBERS)::add);
          IntegrationStore.setConfig(tx, org, id, config);
          String kind = member ? "integration.member_added" : "integration.member_removed";
          append(tx, before, kind, Json.object().put("user", user));
          return IntegrationStore.find(tx, org, id).orElseThrow(() -> missing(id));
        });
  }

  /** How far a poller came; 0 at the start. */
  public long position(OrgId org, IntegrationId id) {
    return database.read(org, tx -> IntegrationStore.position(tx, org, id));
  }

  /** Moves the poller's position forward; an older position changes nothing. */
  public void advance(OrgId org, IntegrationId id, long position) {
    database.write(
        org,
        tx -> {
          advance(tx, org, id, position);
          return true;
        });
  }

  /** As {@link #advance(OrgId, IntegrationId, long)}, together with what was received. */
  public void advance(Tx tx, OrgId org, IntegrationId id, long position) {
    var _ = IntegrationStore.find(tx, org, id).orElseThrow(() -> missing(id));
    IntegrationStore.advance(tx, org, id, position);
  }

  private static Refusal missing(IntegrationId id) {
    return Refusal.notFound("integration", id.value());
  }

  private void append(Tx tx, Integration integration, String kind, ObjectNode data) {
    journal.append(
        tx, integration.org(), new JournalEntry(kind, integration.id().value(), null, data));
  }
}
