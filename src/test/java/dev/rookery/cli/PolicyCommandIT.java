package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on rules. */
class PolicyCommandIT {
  private static final String ITEMS =
      "{'items':[{'id':'rul_1','agent':null,'rule':'bash(rm *)','verdict':'deny',"
          + "'created_by':'Ada','created_at':'2026-11-20T11:00:00.000Z'},"
          + "{'id':'rul_2','agent':'agt_1','rule':'bash(ls)','verdict':'allow',"
          + "'created_by':'Ada','created_at':'2026-11-20T11:00:00.000Z'}],'next':null}";

  @TempDir private Path home;

  @Test
  void without_a_server_a_call_is_decided_by_the_rules_given() {
    Shell.Result result =
        new Shell()
            .home(home)
            .run(
                "policy",
                "explain",
                "--allow",
                "bash(git *)",
                "--ask",
                "bash(git push *)",
                "--deny",
                "bash(rm *)",
                "--json",
                "bash(git log && rm -rf /)");

    assertThat(result.exitCode()).isZero();
    var json = Json.parse(result.out());
    assertThat(json.path("verdict").asText()).isEqualTo("deny");
    assertThat(json.path("rule").asText()).isEqualTo("deny bash(rm *)");
    assertThat(json.path("why").asText()).contains("rm -rf /");
    Shell.Result table =
        new Shell().home(home).run("policy", "explain", "--allow", "bash", "--command", "git push");
    assertThat(table.outLines().getFirst()).startsWith("verdict").endsWith("allow");
  }

  @Test
  void bad_usage_is_told() {
    Shell shell = new Shell().home(home);
    assertThat(shell.run("policy", "explain").exitCode()).isEqualTo(Exit.USAGE);
    assertThat(shell.run("policy", "explain", "--allow", "bash(", "x").exitCode())
        .isEqualTo(Exit.USAGE);
    assertThat(shell.run("policy", "explain", "--agent", "a", "--allow", "b", "c").exitCode())
        .isEqualTo(Exit.USAGE);
  }

  @Test
  void rules_are_sent_listed_and_removed_by_text() throws IOException {
    try (FakeServer server = FakeServer.announcedIn(home)) {
      server.on("GET", "/api/v1/agents/rook/rules", 200, ITEMS);
      server.on(
          "POST", "/api/v1/agents/rook/rules", 201, "{'id':'rul_3','rule':'x','warnings':['w']}");
      server.on("DELETE", "/api/v1/rules/rul_2", 204, "");
      server.on("POST", "/api/v1/policy/explain", 200, "{'verdict':'ask','rule':null,'parts':[]}");
      Shell shell = new Shell().home(home);

      assertThat(shell.run("policy", "list", "rook").out()).contains("everyone", "bash(rm *)");
      Shell.Result put = new Shell().home(home).run("policy", "ask", "rook", "x");
      assertThat(put.err()).contains("Note: w");
      assertThat(server.last("POST").json().path("verdict").asText()).isEqualTo("ask");
      assertThat(new Shell().home(home).run("policy", "remove", "rook", "bash(ls)").exitCode())
          .isZero();
      assertThat(new Shell().home(home).run("policy", "remove", "rook", "bash(rm *)").exitCode())
          .isEqualTo(Exit.NOT_FOUND);
      new Shell().home(home).run("policy", "explain", "rook", "bash(git push)", "--unattended");
      assertThat(server.last("POST").json().path("agent").asText()).isEqualTo("rook");
      assertThat(server.last("POST").json().path("attended").asBoolean()).isFalse();
    }
  }
}
