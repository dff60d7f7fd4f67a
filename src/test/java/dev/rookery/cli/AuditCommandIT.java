package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit log, members and scoped keys from the command line. */
final class AuditCommandIT {
  private static final String RECORD =
      "{'id':'7','seq':7,'at':'2026-11-20T11:57:00.000Z','actor':{'kind':'key','id':'key_1',"
          + "'name':'ci'},'action':'policy.changed','subject':'pol_1','data':{'name':'x'},"
          + "'prev_hash':'aa','hash':'bb'}";
  private static final String MEMBER =
      "{'id':'mem_1','name':'Ada','email':'ada@example.org','role':'viewer',"
          + "'created_at':'2026-11-20T11:57:00.000Z'}";

  @TempDir private Path home;
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = FakeServer.announcedIn(home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result run(String... args) {
    return new Shell().home(home).run(args);
  }

  @Test
  void records_are_listed_and_shown() {
    server.on("GET", "/api/v1/audit", 200, "{'items':[" + RECORD + "],'next':null}");
    server.on("GET", "/api/v1/audit/7", 200, RECORD);
    Shell.Result listed = run("audit", "list", "--action", "policy.", "--actor", "ci");
    assertThat(listed.out()).contains("key ci", "policy.changed", "pol_1");
    assertThat(server.last("GET").query()).contains("action=policy.", "actor=ci");
    assertThat(run("audit", "show", "7").out()).contains("pol_1", "{\"name\":\"x\"}", "bb");
  }

  @Test
  void a_whole_chain_prints_what_to_note_and_a_broken_one_exits_with_1() {
    server.on("GET", "/api/v1/audit/verification", 200, "{'ok':true,'seq':7,'hash':'bb'}");
    Shell.Result whole = run("audit", "verify");
    assertThat(whole.exitCode()).isZero();
    assertThat(whole.out()).contains("7 records");
    assertThat(whole.err()).contains("--seq 7 --hash bb");

    server.on(
        "GET",
        "/api/v1/audit/verification",
        200,
        "{'ok':false,'seq':3,'flaw':'gap','problem':'Record 3 is missing.'}");
    Shell.Result broken = run("audit", "verify", "--seq", "7", "--hash", "bb");
    assertThat(broken.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(broken.out()).contains("record 3", "gap", "Record 3 is missing.");
    assertThat(run("audit", "verify", "--json").exitCode()).isEqualTo(Exit.FAILED);
    assertThat(run("audit", "verify", "--seq", "7").exitCode()).isEqualTo(Exit.USAGE);
    server.on("GET", "/health/live", 200, "").on("GET", "/health/ready", 200, "");
    server.on("GET", "/api/v1/status", 200, "{'org':{'name':'Crows'},'integrations':[]}");
    assertThat(run("doctor").out()).contains("fail  audit: Record 3 is missing.");
  }

  @Test
  void an_export_is_one_line_per_record() {
    server.on(
        "GET",
        "/api/v1/audit/export",
        200,
        "{'items':[{'seq':1,'hash':'a','action':'x'},{'seq':2,'hash':'b','action':'y'}],"
            + "'next_after':2}");
    assertThat(run("audit", "export").outLines())
        .containsExactly(
            "{\"action\":\"x\",\"hash\":\"a\",\"seq\":1}",
            "{\"action\":\"y\",\"hash\":\"b\",\"seq\":2}");
  }

  @Test
  void members_are_made_changed_and_removed() {
    server.on("GET", "/api/v1/members", 200, "{'items':[" + MEMBER + "],'next':null}");
    server.on("POST", "/api/v1/members", 201, MEMBER);
    server.on("PATCH", "/api/v1/members/mem_1", 200, MEMBER);
    server.on("DELETE", "/api/v1/members/mem_1", 204, "");
    assertThat(run("members", "list").out()).contains("ada@example.org");
    assertThat(run("members", "create", "Ada", "--email", "ada@example.org").exitCode()).isZero();
    assertThat(server.last("POST").json().path("role").asText()).isEqualTo("viewer");
    assertThat(run("members", "edit", "mem_1", "--role", "admin").exitCode()).isZero();
    assertThat(server.last("PATCH").body()).isEqualTo("{\"role\":\"admin\"}");
    assertThat(run("members", "edit", "mem_1").exitCode()).isEqualTo(Exit.USAGE);
    assertThat(run("members", "remove", "mem_1").out()).contains("mem_1");
  }

  @Test
  void a_key_is_made_with_scopes() {
    server.on(
        "POST",
        "/api/v1/keys",
        201,
        "{'id':'key_1','name':'ci','role':'viewer','secret':'rk_x','scopes':['runs:read']}");
    run("keys", "create", "ci", "--scope", "runs:read", "--scope", "agents", "--member", "mem_1");
    assertThat(server.last("POST").body())
        .contains("\"scopes\":[\"runs:read\",\"agents\"]", "\"member\":\"mem_1\"");
    server.on(
        "GET",
        "/api/v1/keys/key_1",
        200,
        "{'id':'key_1','scopes':['agents','runs:read'],'expires_at':'2027-01-31T00:00:00.000Z'}");
    assertThat(run("keys", "show", "key_1").out()).contains("agents, runs:read", "2027-01-31");
  }
}
