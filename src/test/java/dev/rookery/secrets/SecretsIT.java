package dev.rookery.secrets;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@BothEngines
final class SecretsIT {
  private static final String VALUE = "ghp_planted0123456789";
  private final TestDatabase db;
  private final Journal journal;
  private final Secrets secrets;
  private final OrgId org;
  private final AgentId agent = AgentId.next();

  SecretsIT(TestDatabase db) {
    this.db = db;
    journal = new Journal(db.database());
    secrets = new Secrets(db.database(), journal, new ReversibleVault());
    org = db.newOrg();
  }

  private static NewSecret wish(String name, @Nullable List<AgentId> agents) {
    return new NewSecret(
        name,
        List.of(new HostPattern("api.github.com"), new HostPattern("*.example.org")),
        new SecretPlace.Header("Authorization"),
        "Bearer ",
        VALUE,
        agents);
  }

  private Secrets.User user(OrgId where, AgentId who) {
    return new Secrets.User(where, who, RunId.next());
  }

  @Test
  void a_secret_is_listed_without_its_value_and_lent_to_its_hosts() {
    secrets.create(org, wish("GITHUB", null));

    Secret listed = secrets.list(org).getFirst();
    assertThat(listed.toString()).contains("GITHUB", "api.github.com").doesNotContain(VALUE);
    assertThat(secrets.lend(user(org, agent), "GITHUB", "api.github.com").reveal())
        .isEqualTo(VALUE);
    assertThat(secrets.lend(user(org, agent), "GITHUB", "a.example.org").reveal()).isEqualTo(VALUE);
    for (String host :
        List.of("example.org", "evilexample.org", "github.com", "api.github.com.x")) {
      refused("secret-not-for-host", () -> secrets.lend(user(org, agent), "GITHUB", host));
    }
    refused("secret-exists", () -> secrets.create(org, wish("GITHUB", null)));
  }

  @Test
  void to_others_it_does_not_exist() {
    secrets.create(org, wish("OURS", List.of(agent)));
    OrgId theirs = db.newOrg();

    refused("unknown-secret", () -> secrets.lend(user(theirs, agent), "OURS", "api.github.com"));
    refused(
        "unknown-secret", () -> secrets.lend(user(org, AgentId.next()), "OURS", "api.github.com"));
    assertThat(secrets.offered(user(org, AgentId.next()), "OURS")).isEmpty();
    assertThat(secrets.offered(user(org, agent), "OURS")).isPresent();
    assertThat(secrets.list(theirs)).isEmpty();
    refused("secret-not-found", () -> secrets.rotate(theirs, "OURS", "another-value"));
    refused("secret-not-found", () -> secrets.remove(theirs, "OURS"));
  }

  @Test
  void a_new_value_replaces_the_old_one_and_removal_forgets_it() {
    secrets.create(org, wish("ROTATED", null));

    secrets.rotate(org, "ROTATED", "second-value-42");

    assertThat(secrets.lend(user(org, agent), "ROTATED", "api.github.com").reveal())
        .isEqualTo("second-value-42");
    secrets.remove(org, "ROTATED");
    refused("secret-not-found", () -> secrets.require(org, "ROTATED"));
    refused("secret-not-found", () -> secrets.remove(org, "ROTATED"));
  }

  @Test
  void the_journal_says_who_used_it_where_and_never_what_it_is() {
    Secrets.User user = user(org, agent);
    secrets.create(org, wish("NOTED", null));
    secrets.rotate(org, "NOTED", VALUE + "x");
    var _ = secrets.lend(user, "NOTED", "api.github.com");
    secrets.remove(org, "NOTED");

    var records = journal.about(org, "secret:NOTED", 10);
    assertThat(records)
        .extracting(r -> r.entry().kind())
        .containsExactly("secret.created", "secret.rotated", "secret.used", "secret.removed");
    assertThat(records.get(2).entry().data().toString())
        .contains("api.github.com", String.valueOf(user.run()), agent.value());
    assertThat(records.toString()).doesNotContain(VALUE);
  }

  @Test
  void what_cannot_be_kept_safely_is_refused_without_being_repeated() {
    refused("bad-name", () -> wish("a b", null));
    refused("bad-host", () -> new HostPattern("https://x"));
    refused("bad-host", () -> new HostPattern("a.*.b"));
    for (String host : List.of("*", "*.com")) {
      refused(
          "bad-host",
          () ->
              new NewSecret(
                  "X",
                  List.of(new HostPattern(host)),
                  new SecretPlace.Query("k"),
                  "",
                  VALUE,
                  null));
    }
    refused("bad-place", () -> SecretPlace.of("header:Host"));
    refused("bad-place", () -> SecretPlace.of("header:a b"));
    refused("bad-place", () -> SecretPlace.of("path:x"));
    secrets.create(org, wish("KEPT", null));
    for (String value : List.of("short", " leading-space", "line\r\nbreak-in-it", "ümlaut-value")) {
      assertThat(refused("bad-secret", () -> secrets.rotate(org, "KEPT", value)))
          .hasMessageNotContaining(value);
    }
    assertThat(wish("SHOWN", null).toString()).doesNotContain(VALUE);
  }
}
