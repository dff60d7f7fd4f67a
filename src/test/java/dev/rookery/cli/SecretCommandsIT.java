package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretCommandsIT {
  private static final String SECRET =
      "{'name':'GITHUB','hosts':['api.github.com'],'place':'header:Authorization','prefix':'',"
          + "'agents':null,'created_at':'2026-11-20T11:57:00.000Z',"
          + "'updated_at':'2026-11-20T11:57:00.000Z'}";
  private static final String POLICY =
      "{'agent':'agt_1','preset':'lockdown','rules':[{'verdict':'allow','host':'a.example',"
          + "'port':8443,'plain_http':false,'private_networks':false,'own':true},"
          + "{'verdict':'deny','host':'*','port':null,'plain_http':false,"
          + "'private_networks':false,'own':false}]}";

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

  private Shell.Result run(String input, String... args) {
    return new Shell().home(home).input(input).run(args);
  }

  @Test
  void a_secret_is_read_from_stdin_or_a_file_and_never_printed() throws IOException {
    server.on("POST", "/api/v1/secrets", 201, SECRET);
    server.on("PUT", "/api/v1/secrets/GITHUB", 200, SECRET);
    Shell.Result made =
        run(
            "hunter2-planted\n",
            "secrets",
            "set",
            "GITHUB",
            "--host",
            "api.github.com",
            "--header",
            "Authorization",
            "--prefix",
            "Bearer ");
    assertThat(made.exitCode()).isZero();
    assertThat(made.out() + made.err()).contains("GITHUB").doesNotContain("hunter2");
    assertThat(server.last("POST").body())
        .contains("hunter2-planted\"", "header:Authorization", "\"Bearer \"");
    Path file = Files.writeString(home.resolve("value"), "second-planted");
    assertThat(run("", "secrets", "set", "GITHUB", "--file", file.toString()).exitCode()).isZero();
    assertThat(server.last("PUT").body()).contains("second-planted");
  }

  @Test
  void half_a_binding_and_no_value_are_wrong_usage() {
    assertThat(run("value-1234", "secrets", "set", "X", "--host", "a.example").exitCode())
        .isEqualTo(Exit.USAGE);
    assertThat(run("value-1234", "secrets", "set", "X", "--query", "key").exitCode())
        .isEqualTo(Exit.USAGE);
    assertThat(run("", "secrets", "set", "X").exitCode()).isEqualTo(Exit.USAGE);
  }

  @Test
  void network_rules_are_shown_in_their_order() {
    server.on("GET", "/api/v1/agents/rook/network", 200, POLICY);
    server.on("POST", "/api/v1/agents/rook/network/rules", 200, POLICY);
    server.on("PUT", "/api/v1/agents/rook/network", 200, POLICY);
    server.on("DELETE", "/api/v1/agents/rook/network/rules", 200, POLICY);
    assertThat(run("", "network", "show", "rook").outLines())
        .containsExactly("preset lockdown", "  allow a.example:8443", "  deny  *  (preset)");
    run("", "network", "allow", "rook", "a.example", "--port", "8443", "--private");
    assertThat(server.last("POST").body())
        .contains("\"port\":8443", "\"private_networks\":true", "\"verdict\":\"allow\"");
    run("", "network", "deny", "rook", "b.example");
    assertThat(server.last("POST").body()).contains("\"verdict\":\"deny\"");
    run("", "network", "set", "rook", "github-only");
    assertThat(server.last("PUT").body()).contains("github-only");
    run("", "network", "forget", "rook", "*.b.example");
    assertThat(server.last("DELETE").query()).isEqualTo("host=*.b.example");
  }
}
