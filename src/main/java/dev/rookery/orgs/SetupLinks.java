package dev.rookery.orgs;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one-time link that makes the first owner: there is no default password (spec 08, "Security").
 */
public final class SetupLinks {
  private static final Duration VALID = Duration.ofHours(24);

  private final Database database;
  private final Journal journal;
  private final Members members;
  private final ApiKeys keys;

  public SetupLinks(Database database, Journal journal, Members members, ApiKeys keys) {
    this.database = database;
    this.journal = journal;
    this.members = members;
    this.keys = keys;
  }

  /** A new link, valid for 24 hours and one use. Its token is in the answer and nowhere else. */
  public Link create(OrgId org) {
    String token = Tokens.secret();
    return database.write(
        org,
        tx -> {
          Instant expires = Instant.ofEpochMilli(tx.now()).plus(VALID);
          SetupLinkStore.insert(tx, org, Digest.sha256(token), expires.toEpochMilli());
          append(tx, org, "setup_link.created");
          return new Link(token, expires);
        });
  }

  /**
   * Whose link it is, while it can be used.
   *
   * @throws Refusal as {@link #consume(String, Member.Person)}
   */
  public Org look(String token) {
    String hash = Digest.sha256(token);
    return database.readAcrossOrgs(
        tx -> OrgStore.find(tx, usable(tx, hash).org()).orElseThrow(SetupLinks::notKnown));
  }

  /**
   * Uses a link up: makes the owner and an API key of theirs, in one transaction.
   *
   * @throws Refusal {@code setup-link-not-found}, {@code setup-link-used}, {@code
   *     setup-link-expired}
   */
  public Owner consume(String token, Member.Person person) {
    return consume(token, person, null);
  }

  /**
   * As {@link #consume(String, Member.Person)}, and names the organization.
   *
   * @param orgName 1 to 200 characters; null leaves the name as it is
   * @throws Refusal {@code bad-name} too
   */
  public Owner consume(String token, Member.Person person, @Nullable String orgName) {
    String hash = Digest.sha256(token);
    String name = orgName == null ? null : Orgs.checkedName(orgName);
    return database.writeAcrossOrgs(
        tx -> {
          OrgId org = usable(tx, hash).org();
          if (SetupLinkStore.use(tx, org, hash) == 0) {
            throw used();
          }
          if (name != null) {
            OrgStore.setName(tx, org, name);
            journal.append(
                tx,
                org,
                new JournalEntry(
                    "org.updated", org.value(), null, Json.object().put("name", name)));
          }
          Member owner = members.create(tx, org, person, Role.OWNER);
          ApiKey.Created key = keys.create(tx, org, new ApiKey.Wish("Set-up", rights(owner), null));
          append(tx, org, "setup_link.used");
          return new Owner(owner, key);
        });
  }

  private static ApiKey.Rights rights(Member owner) {
    return new ApiKey.Rights(Role.OWNER, Scopes.EVERYTHING, owner.id());
  }

  private static SetupLinkStore.Row usable(Tx tx, String hash) {
    SetupLinkStore.Row link = SetupLinkStore.find(tx, hash).orElseThrow(SetupLinks::notKnown);
    if (link.used()) {
      throw used();
    }
    if (link.expiresAt() <= tx.now()) {
      throw new Refusal(
          Refusal.Kind.GONE,
          "setup-link-expired",
          "This set-up link has expired. Print a new one with: rookery init");
    }
    return link;
  }

  private static Refusal notKnown() {
    return new Refusal(
        Refusal.Kind.NOT_FOUND,
        "setup-link-not-found",
        "This set-up link is not known. Print a new one with: rookery init");
  }

  private static Refusal used() {
    return new Refusal(
        Refusal.Kind.GONE,
        "setup-link-used",
        "This set-up link was used. Ask the owner for an API key.");
  }

  private void append(Tx tx, OrgId org, String kind) {
    journal.append(tx, org, new JournalEntry(kind, org.value(), null, Json.object()));
  }

  /** The token belongs into the link's fragment or path; never into a log. */
  public record Link(String token, Instant expires) {
    @Override
    public String toString() {
      return "Link[expires=" + expires + "]";
    }
  }

  /** Who used the link, with the key made for them. */
  public record Owner(Member member, ApiKey.Created key) {}
}
