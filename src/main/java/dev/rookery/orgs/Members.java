package dev.rookery.orgs;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;

/** The people of organizations. */
public final class Members {
  private final Database database;
  private final Journal journal;

  public Members(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /**
   * A new member.
   *
   * @throws Refusal {@code member-exists} when the e-mail is taken in this organization
   */
  public Member create(OrgId org, Member.Person person, Role role) {
    return database.write(org, tx -> create(tx, org, person, role));
  }

  /** Oldest first. */
  public List<Member> list(OrgId org) {
    return database.read(org, tx -> MemberStore.all(tx, org));
  }

  public Optional<Member> find(OrgId org, MemberId id) {
    return database.read(org, tx -> MemberStore.find(tx, org, id));
  }

  /** Whether somebody owns the organization; until then it needs a set-up link. */
  public boolean hasOwner(OrgId org) {
    return list(org).stream().anyMatch(member -> member.role() == Role.OWNER);
  }

  Member create(Tx tx, OrgId org, Member.Person person, Role role) {
    Member member = new Member(org, MemberId.next(), person.name(), person.email(), role, tx.now());
    if (MemberStore.insert(tx, org, member) == 0) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "member-exists",
          "There is a member with the e-mail " + person.email() + " already.");
    }
    journal.append(
        tx,
        org,
        new JournalEntry(
            "member.created",
            member.id().value(),
            null,
            Json.object().put("name", member.name()).put("role", role.spelled())));
    return member;
  }
}
