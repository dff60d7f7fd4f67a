package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.audit.Audit;
import dev.rookery.audit.AuditRecord;
import dev.rookery.audit.Verification;
import dev.rookery.kernel.OrgId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every call that changes something is audited, and the log can be read and verified. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditRoutesIT {
  private final TestServer server = TestServer.start();
  private final Audit audit = server.house().audit;

  @AfterAll
  void close() {
    server.close();
  }

  private ApiKey.Created key(Role role) {
    return server.house().keys.create(server.org(), new ApiKey.Wish("caller", role, null));
  }

  private List<AuditRecord> by(ApiKey.Created key) {
    String id = key.key().id().value();
    return audit.list(
        server.org(), new Audit.Filter(id, null, null, null, null), new Audit.Page(null, 200));
  }

  @Test
  void every_call_that_changes_something_is_audited_with_its_key_and_a_refused_one_is_not() {
    CallFixtures fixtures = new CallFixtures(server);
    int tried = 0;
    for (Route route : server.api().routes()) {
      if (route.looks() || !(route.access() instanceof Access.Key(Role needed))) {
        continue;
      }
      tried++;
      CallFixtures.Ready call = fixtures.ready(route);
      assertThat(call).as("fixture for " + route.name()).isNotNull();
      ApiKey.Created weak = key(Role.VIEWER);
      assertThat(needed).as(route.name()).isNotEqualTo(Role.VIEWER);
      assertThat(server.call(route.method(), call.path(), weak.secret(), call.body()).status())
          .as(route.name())
          .isEqualTo(403);
      assertThat(by(weak)).as(route.name() + " refused").isEmpty();

      ApiKey.Created key = key(Role.OWNER);
      long journal = server.house().journal.head(server.org());
      var answer = server.call(route.method(), call.path(), key.secret(), call.body());
      assertThat(answer.status() / 100)
          .as(route.name() + " " + answer.response().body())
          .isEqualTo(2);
      List<AuditRecord> records = by(key);
      assertThat(records).as(route.name()).isNotEmpty();
      for (AuditRecord record : records) {
        assertThat(record.who()).isEqualTo(new AuditRecord.Who("key", id(key), "caller"));
        assertThat(server.house().journal.after(server.org(), journal, 200))
            .as("the journal has it too")
            .anyMatch(
                entry ->
                    entry.entry().kind().equals(record.action())
                        && entry.entry().subject().equals(record.subject())
                        && entry.at() == record.at());
      }
    }
    assertThat(tried).isGreaterThan(30);
    assertThat(audit.verify(server.org())).isInstanceOf(Verification.Whole.class);
  }

  private static String id(ApiKey.Created key) {
    return key.key().id().value();
  }

  @Test
  void what_only_asks_writes_nothing() {
    String owner = server.key(Role.OWNER);
    server.post(owner, "/api/v1/agents", "{\"handle\":\"asked\"}");
    long before = server.house().journal.head(server.org());
    String call = "{\"agent\":\"asked\",\"call\":\"bash(ls)\"}";
    assertThat(server.post(owner, "/api/v1/policy/explain", call).status()).isEqualTo(200);
    assertThat(server.house().journal.head(server.org())).isEqualTo(before);
    assertThat(server.api().routes())
        .filteredOn(route -> route.looks() && !route.method().equals("GET"))
        .extracting(Route::name)
        .containsExactlyInAnyOrder(
            "POST /api/v1/policy/explain", "POST /api/v1/integrations/{id}/test");
  }

  /** The key of an owner who changed four things. */
  private String audited(String name) {
    OrgId org = server.house().orgs.create(name).id();
    String owner = server.key(org, Role.OWNER);
    for (String handle : List.of("a", "b", "c")) {
      server.post(owner, "/api/v1/agents", "{\"handle\":\"%s\"}".formatted(handle));
    }
    server.post(owner, "/api/v1/rules", "{\"rule\":\"todo\",\"verdict\":\"allow\"}");
    return owner;
  }

  @Test
  void records_are_listed_and_shown() {
    String owner = audited("Listed");
    JsonNode page = server.get(owner, "/api/v1/audit?limit=2").json();
    assertThat(page.path("items"))
        .extracting(r -> r.path("seq").asLong())
        .allMatch(seq -> seq > 2)
        .hasSize(2);
    assertThat(page.at("/items/0/actor/kind").asText()).isEqualTo("key");
    assertThat(page.at("/items/0/action").asText()).isEqualTo("grant.changed");
    String next = page.path("next").asText();
    assertThat(server.get(owner, "/api/v1/audit?before=" + next).json().path("items")).isNotEmpty();
    assertThat(server.get(owner, "/api/v1/audit?action=grant.").json().path("items")).hasSize(1);
    assertThat(server.get(owner, "/api/v1/audit?to=2020-01-01T00:00:00Z").json().path("items"))
        .isEmpty();
    assertThat(server.get(owner, "/api/v1/audit/1").json().path("prev_hash").asText())
        .isEqualTo("0".repeat(64));
    assertThat(server.get(owner, "/api/v1/audit/99").code()).isEqualTo("audit-record-not-found");
    assertThat(server.get(owner, "/api/v1/audit/x").status()).isEqualTo(404);
    for (String bad : List.of("from=now", "before=x", "limit=0")) {
      assertThat(server.get(owner, "/api/v1/audit?" + bad).code()).isEqualTo("bad-parameter");
    }
  }

  @Test
  void records_are_exported_and_verified() {
    String owner = audited("Exported");
    JsonNode export = server.get(owner, "/api/v1/audit/export?after=1&limit=2").json();
    assertThat(export.path("items")).hasSize(2);
    assertThat(export.path("next_after").asLong()).isEqualTo(3);
    assertThat(export.at("/items/0/data").isTextual()).isTrue();

    String path = "/api/v1/audit/verification";
    JsonNode whole = server.get(owner, path).json();
    assertThat(whole.path("ok").asBoolean()).isTrue();
    String noted =
        "?seq=%d&hash=%s".formatted(whole.path("seq").asLong(), whole.path("hash").asText());
    assertThat(server.get(owner, path + noted).json().path("ok").asBoolean()).isTrue();
    JsonNode other = server.get(owner, path + "?seq=2&hash=" + "e".repeat(64)).json();
    assertThat(other.path("ok").asBoolean()).isFalse();
    assertThat(other.path("flaw").asText()).isEqualTo("anchor");
    assertThat(other.path("problem").asText()).contains("Record 2");
    assertThat(server.get(owner, path + "?seq=2").code()).isEqualTo("bad-parameter");
  }
}
