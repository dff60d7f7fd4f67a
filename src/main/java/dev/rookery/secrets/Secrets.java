package dev.rookery.secrets;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.Text;
import dev.rookery.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The named secrets of organizations (spec 03, "Secret broker"). A value goes in, and comes out for
 * the request of an agent to a host that the secret is bound to, and for nothing else.
 */
public final class Secrets {
  private static final Logger log = LoggerFactory.getLogger(Secrets.class);

  private final Database database;
  private final Journal journal;
  private final Vault vault;

  public Secrets(Database database, Journal journal, Vault vault) {
    this.database = database;
    this.journal = journal;
    this.vault = vault;
  }

  /**
   * On whose behalf a secret is used.
   *
   * @param run null when it is used outside of one
   */
  public record User(OrgId org, AgentId agent, @Nullable RunId run) {}

  /**
   * Keeps a new secret.
   *
   * @throws Refusal {@code secret-exists} when the name is taken
   */
  public Secret create(OrgId org, NewSecret wish) {
    String sealed = vault.seal(field(org, wish.name()), wish.value());
    return database.write(
        org,
        tx -> {
          Secret secret =
              new Secret(
                  wish.name(),
                  wish.hosts(),
                  wish.place(),
                  wish.prefix(),
                  wish.agents(),
                  tx.now(),
                  tx.now());
          if (SecretStore.insert(tx, org, new SecretStore.Row(secret, sealed)) == 0) {
            throw new Refusal(
                Refusal.Kind.CONFLICT,
                "secret-exists",
                "There is a secret '"
                    + wish.name()
                    + "' already; give it a new value by rotating it, or remove it first.");
          }
          ObjectNode data = Json.object().put("name", secret.name());
          secret.hosts().forEach(host -> data.withArray("/hosts").add(host.text()));
          data.put("place", secret.place().toString());
          journal.append(tx, org, new JournalEntry("secret.created", subject(secret), null, data));
          return secret;
        });
  }

  /**
   * Replaces the value; hosts and place stay.
   *
   * @throws Refusal {@code secret-not-found}, {@code bad-secret}
   */
  public Secret rotate(OrgId org, String name, String value) {
    NewSecret.checkValue(require(org, name).name(), value);
    String sealed = vault.seal(field(org, name), value);
    return database.write(
        org,
        tx -> {
          SecretStore.rotate(tx, org, name, sealed);
          Secret secret =
              SecretStore.find(tx, org, name)
                  .map(SecretStore.Row::secret)
                  .orElseThrow(() -> Refusal.notFound("secret", name));
          var data = Json.object().put("name", name);
          journal.append(tx, org, new JournalEntry("secret.rotated", subject(secret), null, data));
          return secret;
        });
  }

  /**
   * Forgets a secret.
   *
   * @throws Refusal {@code secret-not-found}
   */
  public void remove(OrgId org, String name) {
    database.write(
        org,
        tx -> {
          if (SecretStore.remove(tx, org, name) == 0) {
            throw Refusal.notFound("secret", name);
          }
          var data = Json.object().put("name", name);
          journal.append(tx, org, new JournalEntry("secret.removed", "secret:" + name, null, data));
          return true;
        });
  }

  /** All of the organization, by name, without their values. */
  public List<Secret> list(OrgId org) {
    return database.read(org, tx -> SecretStore.all(tx, org)).stream()
        .map(SecretStore.Row::secret)
        .toList();
  }

  /**
   * The secret of this name, without its value.
   *
   * @throws Refusal {@code secret-not-found}
   */
  public Secret require(OrgId org, String name) {
    return find(org, name)
        .map(SecretStore.Row::secret)
        .orElseThrow(() -> Refusal.notFound("secret", name));
  }

  /** The secret of this name, if the agent may use it; to it others do not exist. */
  public Optional<Secret> offered(User user, String name) {
    return find(user.org(), name)
        .map(SecretStore.Row::secret)
        .filter(secret -> secret.grantedTo(user.agent()));
  }

  private Optional<SecretStore.Row> find(OrgId org, String name) {
    return NewSecret.NAME.matcher(name).matches()
        ? database.read(org, tx -> SecretStore.find(tx, org, name))
        : Optional.empty();
  }

  /**
   * Hands out a value for one request and notes it in the journal.
   *
   * @param host to which the request goes
   * @throws Refusal {@code unknown-secret}, {@code secret-not-for-host} or {@code
   *     secret-unreadable}
   */
  public SecretValue lend(User user, String name, String host) {
    SecretStore.Row row =
        find(user.org(), name)
            .filter(found -> found.secret().grantedTo(user.agent()))
            .orElseThrow(() -> unknown(name));
    if (!row.secret().boundTo(host)) {
      throw Refusal.badInput(
          "secret-not-for-host",
          "The secret %s is not bound to %s and was not sent there.",
          name,
          Text.brief(host, 120));
    }
    SecretValue value = open(user.org(), row).orElseThrow(() -> unreadable(name));
    database.write(
        user.org(),
        tx -> {
          RunId run = user.run();
          var data =
              Json.object()
                  .put("name", name)
                  .put("host", host)
                  .put("agent", user.agent().value())
                  .put("run", run == null ? null : run.value());
          journal.append(
              tx,
              user.org(),
              new JournalEntry("secret.used", subject(row.secret()), null, data).of(user.agent()));
          return true;
        });
    return value;
  }

  /** Unknown, or not for this agent; which of both is not said. */
  public static Refusal unknown(String name) {
    return Refusal.badInput(
        "unknown-secret",
        "There is no secret '%s' that this agent may use; an administrator can make one.",
        Text.brief(Text.clean(name), 80));
  }

  private static Refusal unreadable(String name) {
    return Refusal.badInput(
        "secret-unreadable",
        "The secret %s cannot be opened; an administrator must set it again.",
        name);
  }

  /** Takes the values of all secrets of the organization out of what passes. */
  public Redactor redactor(OrgId org) {
    List<SecretValue> values = new ArrayList<>();
    for (SecretStore.Row row : database.read(org, tx -> SecretStore.all(tx, org))) {
      open(org, row).ifPresent(values::add);
    }
    return values.isEmpty() ? Redactor.NONE : new Redactor(values);
  }

  private Optional<SecretValue> open(OrgId org, SecretStore.Row row) {
    String name = row.secret().name();
    try {
      return Optional.of(new SecretValue(name, vault.open(field(org, name), row.sealed())));
    } catch (Vault.BadSecret e) {
      log.atWarn()
          .addKeyValue("org", org)
          .addKeyValue("secret", name)
          .log("a secret cannot be opened; it is not used until it is set again");
      return Optional.empty();
    }
  }

  private static Vault.Field field(OrgId org, String name) {
    return new Vault.Field(org, "secret", "value", name);
  }

  private static String subject(Secret secret) {
    return "secret:" + secret.name();
  }
}
