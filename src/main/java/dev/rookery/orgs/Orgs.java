package dev.rookery.orgs;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The organizations of this installation. */
public final class Orgs {
  private static final String DEFAULT_NAME = "Default";
  private static final int MAX_NAME = 200;

  private final Database database;
  private final Journal journal;

  public Orgs(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /**
   * A new organization.
   *
   * @param name 1 to 200 characters
   * @throws Refusal {@code bad-name}
   */
  public Org create(String name) {
    String clean = checkedName(name);
    OrgId id = OrgId.next();
    return database.write(id, tx -> insert(tx, new Org(id, clean, null, tx.now())));
  }

  static String checkedName(String name) {
    String clean = Text.clean(name).strip();
    if (clean.isEmpty() || clean.length() > MAX_NAME) {
      throw Refusal.badInput("bad-name", "The name of an organization has 1 to 200 characters.");
    }
    return clean;
  }

  /** Oldest first. */
  public List<Org> list() {
    return database.readAcrossOrgs(OrgStore::all);
  }

  public Optional<Org> find(OrgId id) {
    return database.read(id, tx -> OrgStore.find(tx, id));
  }

  /**
   * The oldest organization; made when there is none yet. Safe to call on several nodes at once.
   */
  public Org defaultOrg() {
    return list().stream().findFirst().orElseGet(this::firstOrg);
  }

  private Org firstOrg() {
    return database.writeAcrossOrgs(
        tx -> {
          OrgStore.lockCreation(tx);
          return OrgStore.all(tx).stream()
              .findFirst()
              .orElseGet(() -> insert(tx, new Org(OrgId.next(), DEFAULT_NAME, null, tx.now())));
        });
  }

  /** Sets the default model of its agents; null returns to the server's. */
  public void setModel(OrgId org, @Nullable String model) {
    database.write(
        org,
        tx -> {
          if (OrgStore.setModel(tx, org, model) == 0) {
            throw Refusal.notFound("org", org.value());
          }
          journal.append(
              tx,
              org,
              new JournalEntry(
                  "org.updated", org.value(), null, Json.object().put("model", model)));
          return true;
        });
  }

  private Org insert(Tx tx, Org org) {
    OrgStore.insert(tx, org);
    journal.append(
        tx,
        org.id(),
        new JournalEntry(
            "org.created", org.id().value(), null, Json.object().put("name", org.name())));
    return org;
  }
}
