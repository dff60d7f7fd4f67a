package dev.rookery.orgs;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

  /**
   * A new member, made by somebody with this role.
   *
   * @throws Refusal as {@link #create(OrgId, Member.Person, Role)}; {@code role-too-low} when the
   *     member would be above who makes him
   */
  public Member create(OrgId org, Member.Person person, Role role, Role by) {
    MemberRules.requireMay(by, role);
    return create(org, person, role);
  }

  /**
   * Changes name or role; from the commit on keys of the member may do no more than the role.
   *
   * @param by the role of who does it
   * @throws Refusal {@code member-not-found}, {@code role-too-low}, {@code last-owner}, {@code
   *     bad-name}
   */
  public Member edit(OrgId org, MemberId id, MemberEdit edit, Role by) {
    return database.write(
        org,
        tx -> {
          int owners = MemberStore.lockOwners(tx, org);
          Member before = require(tx, org, id);
          Role role = edit.role() == null ? before.role() : edit.role();
          MemberRules.requireMayChange(by, before, role, owners);
          String name =
              edit.name() == null
                  ? before.name()
                  : new Member.Person(edit.name(), before.email()).name();
          Member after = new Member(org, id, name, before.email(), role, before.createdAt());
          if (!after.equals(before)) {
            MemberStore.update(tx, org, after);
            ObjectNode data = data(after).put("was", before.role().spelled());
            journal.append(tx, org, new JournalEntry("member.changed", id.value(), null, data));
          }
          return after;
        });
  }

  /**
   * Removes a member; their API keys end in the same commit.
   *
   * @param by the role of who does it
   * @throws Refusal {@code member-not-found}, {@code role-too-low}, {@code last-owner}
   */
  public void remove(OrgId org, MemberId id, Role by, ApiKeys keys) {
    database.write(
        org,
        tx -> {
          int owners = MemberStore.lockOwners(tx, org);
          Member member = require(tx, org, id);
          MemberRules.requireMayChange(by, member, null, owners);
          keys.revokeOf(tx, org, id);
          MemberStore.delete(tx, org, id);
          journal.append(
              tx, org, new JournalEntry("member.removed", id.value(), null, data(member)));
          return id;
        });
  }

  private static Member require(Tx tx, OrgId org, MemberId id) {
    return MemberStore.lock(tx, org, id).orElseThrow(() -> Refusal.notFound("member", id.value()));
  }

  private static ObjectNode data(Member member) {
    return Json.object().put("name", member.name()).put("role", member.role().spelled());
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
        tx, org, new JournalEntry("member.created", member.id().value(), null, data(member)));
    return member;
  }
}
