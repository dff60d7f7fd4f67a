package dev.rookery.orgs;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import org.junit.jupiter.api.Test;

@BothEngines
final class OrgsIT {
  private static final Member.Person ADA = new Member.Person("Ada", "Ada@Example.org");

  private final TestDatabase db;
  private final Database database;
  private final Journal journal;
  private final Orgs orgs;
  private final Members members;
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final ApiKeys keys;
  private final SetupLinks links;
  private final OrgId org;

  OrgsIT(TestDatabase db) {
    this.db = db;
    database = db.database();
    journal = new Journal(database);
    orgs = new Orgs(database, journal);
    members = new Members(database, journal);
    keys = new ApiKeys(database, journal, background::add);
    links = new SetupLinks(database, journal, members, keys);
    org = orgs.create("Acme").id();
  }

  @Test
  void an_organization_is_found_listed_and_journaled() {
    assertThat(orgs.find(org)).get().extracting(Org::name).isEqualTo("Acme");
    assertThat(orgs.list()).extracting(Org::id).contains(org);
    assertThat(orgs.find(OrgId.next())).isEmpty();
    orgs.setModel(org, "anthropic/claude");
    assertThat(orgs.find(org)).get().extracting(Org::model).isEqualTo("anthropic/claude");
    assertThat(kinds()).containsExactly("org.created", "org.updated");
    refused("bad-name", () -> orgs.create("  "));
    refused("org-not-found", () -> orgs.setModel(OrgId.next(), null));
  }

  @Test
  void the_default_organization_is_the_same_for_all_who_ask_at_once() {
    List<OrgId> answers = Together.on(8, _ -> orgs.defaultOrg().id());

    assertThat(answers).containsOnly(orgs.list().getFirst().id());
  }

  @Test
  void members_are_unique_by_email_within_their_organization() {
    Member ada = members.create(org, ADA, Role.OPERATOR);

    assertThat(members.list(org)).containsExactly(ada);
    assertThat(ada.email()).isEqualTo("ada@example.org");
    assertThat(members.find(org, ada.id())).contains(ada);
    assertThat(members.hasOwner(org)).isFalse();
    refused("member-exists", () -> members.create(org, ADA, Role.VIEWER));
    OrgId other = orgs.create("Other").id();
    members.create(other, ADA, Role.OWNER);
    assertThat(members.find(other, ada.id())).isEmpty();
    assertThat(members.hasOwner(other)).isTrue();
  }

  @Test
  void a_key_is_recognised_by_its_secret_which_is_stored_nowhere() {
    ApiKey.Created created = keys.create(org, new ApiKey.Wish("ci", Role.OPERATOR, null));

    assertThat(created.secret()).matches("rk_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");
    assertThat(keys.authenticate(created.secret()))
        .isEqualTo(new Principal(org, created.key().id(), "ci", Role.OPERATOR));
    assertThat(keys.list(org)).extracting(ApiKey::prefix).containsExactly(created.key().prefix());
    String secret = created.secret().substring(12);
    assertThat(created.toString()).doesNotContain(secret);
    assertThat(Json.write(journal.after(org, 0, 100))).doesNotContain(secret);
    assertThat(storedHash(created.key())).isEqualTo(Digest.sha256(created.secret()));
  }

  private String storedHash(ApiKey key) {
    return database.read(
        org,
        tx ->
            tx.handle()
                .createQuery("SELECT hash FROM api_key WHERE id = :id")
                .bind("id", key.id().value())
                .mapTo(String.class)
                .one());
  }

  @Test
  void unknown_damaged_and_empty_keys_are_refused_alike() {
    String secret = keys.create(org, new ApiKey.Wish("ci", Role.OWNER, null)).secret();
    char last = secret.charAt(secret.length() - 1);
    String damaged = secret.substring(0, secret.length() - 1) + (last == 'A' ? 'B' : 'A');

    for (String wrong :
        List.of(
            "",
            "rk_",
            damaged,
            secret + "x",
            " " + secret,
            secret.toUpperCase(Locale.ROOT),
            "Bearer x",
            "rk_abcdefgh_" + "A".repeat(43),
            "ключ",
            "x".repeat(100_000))) {
      Refusal refusal = refused("bad-key", () -> keys.authenticate(wrong));
      assertThat(refusal.kind()).isEqualTo(Refusal.Kind.UNAUTHENTICATED);
      assertThat(refusal).hasMessageNotContaining(secret.substring(12));
    }
  }

  @Test
  void a_revoked_key_is_refused_from_then_on() {
    ApiKey.Created created = keys.create(org, new ApiKey.Wish("ci", Role.OWNER, null));
    keys.authenticate(created.secret());

    keys.revoke(org, created.key().id());
    keys.revoke(org, created.key().id());

    refused("key-revoked", () -> keys.authenticate(created.secret()));
    assertThat(kinds()).containsExactly("org.created", "key.created", "key.revoked");
    refused("key-not-found", () -> keys.revoke(org, KeyId.next()));
    OrgId other = orgs.create("Other").id();
    refused("key-not-found", () -> keys.revoke(other, created.key().id()));
  }

  @Test
  void a_key_expires_at_its_time() {
    var soon = db.clock().instant().plusSeconds(60);
    ApiKey.Created created = keys.create(org, new ApiKey.Wish("ci", Role.VIEWER, soon));
    keys.authenticate(created.secret());

    db.clock().advance(Duration.ofSeconds(60));

    refused("key-expired", () -> keys.authenticate(created.secret()));
    refused("bad-expiry", () -> keys.create(org, new ApiKey.Wish("ci", Role.VIEWER, soon)));
  }

  @Test
  void the_last_use_is_recorded_off_the_request_and_at_most_once_a_minute() {
    ApiKey.Created created = keys.create(org, new ApiKey.Wish("ci", Role.VIEWER, null));
    long first = db.clock().millis();
    keys.authenticate(created.secret());
    keys.authenticate(created.secret());
    assertThat(lastUsed()).as("before the background work ran").isNull();
    assertThat(background).hasSize(1);
    runBackground();
    assertThat(lastUsed()).isEqualTo(first);

    db.clock().advance(Duration.ofSeconds(59));
    keys.authenticate(created.secret());
    assertThat(background).isEmpty();

    db.clock().advance(Duration.ofSeconds(1));
    keys.authenticate(created.secret());
    runBackground();
    assertThat(lastUsed()).isEqualTo(first + 60_000);
  }

  private void runBackground() {
    for (Runnable work = background.poll(); work != null; work = background.poll()) {
      work.run();
    }
  }

  private @org.jspecify.annotations.Nullable Long lastUsed() {
    return keys.list(org).getFirst().lifetime().lastUsedAt();
  }

  @Test
  void a_setup_link_makes_one_owner_with_a_key_and_is_gone_afterwards() {
    SetupLinks.Link link = links.create(org);

    SetupLinks.Owner owner = links.consume(link.token(), ADA);

    assertThat(owner.member().role()).isEqualTo(Role.OWNER);
    assertThat(members.hasOwner(org)).isTrue();
    assertThat(keys.authenticate(owner.key().secret()).role()).isEqualTo(Role.OWNER);
    Refusal again = refused("setup-link-used", () -> links.consume(link.token(), ADA));
    assertThat(again.kind()).isEqualTo(Refusal.Kind.GONE);
    assertThat(kinds())
        .containsExactly(
            "org.created",
            "setup_link.created",
            "member.created",
            "key.created",
            "setup_link.used");
    assertThat(Json.write(journal.after(org, 0, 100))).doesNotContain(link.token());
    assertThat(link.toString()).doesNotContain(link.token());
  }

  @Test
  void of_many_who_use_a_setup_link_at_once_one_becomes_owner() {
    SetupLinks.Link link = links.create(org);

    List<String> outcomes = Together.on(16, i -> consume(link.token(), i));

    assertThat(outcomes).filteredOn("owner"::equals).hasSize(1);
    assertThat(outcomes).filteredOn("setup-link-used"::equals).hasSize(15);
    assertThat(members.list(org)).hasSize(1);
    assertThat(keys.list(org)).hasSize(1);
  }

  private String consume(String token, int i) {
    try {
      links.consume(token, new Member.Person("P", "p" + i + "@example.org"));
      return "owner";
    } catch (Refusal e) {
      return e.code();
    }
  }

  @Test
  void a_setup_link_that_failed_to_make_its_owner_can_be_used_again() {
    members.create(org, ADA, Role.VIEWER);
    SetupLinks.Link link = links.create(org);

    refused("member-exists", () -> links.consume(link.token(), ADA));

    links.consume(link.token(), new Member.Person("Bob", "bob@example.org"));
    assertThat(members.hasOwner(org)).isTrue();
  }

  @Test
  void a_setup_link_can_be_looked_at_and_names_the_organization_when_it_is_used() {
    SetupLinks.Link link = links.create(org);

    assertThat(links.look(link.token()).id()).isEqualTo(org);
    refused("bad-name", () -> links.consume(link.token(), ADA, " "));
    links.consume(link.token(), ADA, " Rooks ");

    assertThat(orgs.find(org).orElseThrow().name()).isEqualTo("Rooks");
    refused("setup-link-used", () -> links.look(link.token()));
    refused("setup-link-not-found", () -> links.look("x"));
  }

  @Test
  void expired_and_unknown_setup_links_are_refused() {
    SetupLinks.Link link = links.create(org);
    db.clock().set(link.expires());

    refused("setup-link-expired", () -> links.consume(link.token(), ADA));
    refused("setup-link-not-found", () -> links.consume("", ADA));
    refused("setup-link-not-found", () -> links.consume(link.token() + "x", ADA));
    assertThat(members.list(org)).isEmpty();
  }

  private List<String> kinds() {
    return journal.after(org, 0, 100).stream()
        .map(JournalRecord::entry)
        .map(entry -> entry.kind())
        .toList();
  }
}
