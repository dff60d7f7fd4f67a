package dev.rookery.orgs;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members, their roles, and what their keys may do. */
@BothEngines
final class MembersIT {
  private final TestDatabase db;
  private final Journal journal;
  private final Members members;
  private final ApiKeys keys;
  private final OrgId org;

  MembersIT(TestDatabase db) {
    this.db = db;
    journal = new Journal(db.database());
    members = new Members(db.database(), journal);
    keys = new ApiKeys(db.database(), journal, _ -> {});
    org = db.newOrg();
  }

  private Member member(String name, Role role) {
    return members.create(org, new Member.Person(name, name + "@example.org"), role);
  }

  private ApiKey.Created key(Role role, Scopes scopes, MemberId member) {
    return keys.create(org, new ApiKey.Wish("k", new ApiKey.Rights(role, scopes, member), null));
  }

  @Test
  void nobody_makes_anybody_more_than_he_is() {
    Member.Person eve = new Member.Person("Eve", "eve@example.org");
    refused("role-too-low", () -> members.create(org, eve, Role.OWNER, Role.ADMIN));
    Member admin = members.create(org, eve, Role.ADMIN, Role.ADMIN);
    refused(
        "role-too-low",
        () -> members.edit(org, admin.id(), new MemberEdit(null, Role.OWNER), Role.ADMIN));
    assertThat(members.edit(org, admin.id(), new MemberEdit("Eva", Role.VIEWER), Role.ADMIN))
        .extracting(Member::name, Member::role)
        .containsExactly("Eva", Role.VIEWER);
  }

  @Test
  void only_an_owner_unmakes_owners() {
    Member ada = member("ada", Role.OWNER);
    member("eve", Role.OWNER);
    refused(
        "role-too-low",
        () -> members.edit(org, ada.id(), new MemberEdit(null, Role.VIEWER), Role.ADMIN));
    refused(
        "role-too-low",
        () -> members.edit(org, ada.id(), new MemberEdit("Mallory", null), Role.ADMIN));
    refused("role-too-low", () -> members.remove(org, ada.id(), Role.ADMIN, keys));
    members.remove(org, ada.id(), Role.OWNER, keys);
    assertThat(members.find(org, ada.id())).isEmpty();
  }

  @Test
  void the_last_owner_stays_also_when_two_owners_unmake_each_other_at_once() {
    Member ada = member("ada", Role.OWNER);
    refused("last-owner", () -> members.remove(org, ada.id(), Role.OWNER, keys));
    refused(
        "last-owner",
        () -> members.edit(org, ada.id(), new MemberEdit(null, Role.ADMIN), Role.OWNER));
    Member eve = member("eve", Role.OWNER);
    List<String> answers =
        Together.on(
            2,
            i -> {
              try {
                members.remove(org, (i == 0 ? ada : eve).id(), Role.OWNER, keys);
                return "removed";
              } catch (Refusal e) {
                return e.code();
              }
            });
    assertThat(answers).containsExactlyInAnyOrder("removed", "last-owner");
    assertThat(members.hasOwner(org)).isTrue();
  }

  @Test
  void keys_end_with_the_removal_of_their_member() {
    member("owner", Role.OWNER);
    Member ada = member("ada", Role.ADMIN);
    String secret = key(Role.OPERATOR, Scopes.EVERYTHING, ada.id()).secret();
    assertThat(keys.authenticate(secret).member()).isEqualTo(ada.id());

    members.remove(org, ada.id(), Role.OWNER, keys);

    refused("key-revoked", () -> keys.authenticate(secret));
    assertThat(journal.after(org, 0, 100))
        .extracting(record -> record.entry().kind())
        .endsWith("key.revoked", "member.removed");
    refused("member-not-found", () -> key(Role.VIEWER, Scopes.EVERYTHING, ada.id()));
    refused("member-not-found", () -> members.remove(org, ada.id(), Role.OWNER, keys));
    assertThat(member("ada", Role.VIEWER)).as("the e-mail is free again").isNotNull();
  }

  @Test
  void a_key_never_does_more_than_its_member_may() {
    Member ada = member("ada", Role.ADMIN);
    refused("role-above-member", () -> key(Role.OWNER, Scopes.EVERYTHING, ada.id()));
    String secret = key(Role.ADMIN, Scopes.EVERYTHING, ada.id()).secret();
    assertThat(keys.authenticate(secret).role()).isEqualTo(Role.ADMIN);

    members.edit(org, ada.id(), new MemberEdit(null, Role.VIEWER), Role.OWNER);

    assertThat(keys.authenticate(secret).role()).isEqualTo(Role.VIEWER);
    members.edit(org, ada.id(), new MemberEdit(null, Role.OWNER), Role.OWNER);
    assertThat(keys.authenticate(secret).role()).isEqualTo(Role.ADMIN);
  }

  @Test
  void the_scopes_of_a_key_are_kept() {
    Scopes scopes = new Scopes(List.of("runs:read", "agents", "agents"));
    ApiKey.Created made =
        keys.create(org, new ApiKey.Wish("k", new ApiKey.Rights(Role.ADMIN, scopes, null), null));

    assertThat(keys.authenticate(made.secret()).scopes()).isEqualTo(scopes);
    assertThat(keys.find(org, made.key().id()).rights().scopes().list())
        .containsExactly("agents", "runs:read");
    assertThat(journal.after(org, 0, 9).getFirst().entry().data().path("scopes").toString())
        .isEqualTo("[\"agents\",\"runs:read\"]");
  }

  @Test
  void what_belongs_to_another_organization_does_not_exist() {
    OrgId other = new Orgs(db.database(), journal).create("Other").id();
    Member ada = member("ada", Role.ADMIN);
    refused(
        "member-not-found",
        () -> members.edit(other, ada.id(), new MemberEdit("x", null), Role.OWNER));
    refused("member-not-found", () -> members.remove(other, ada.id(), Role.OWNER, keys));
  }
}
