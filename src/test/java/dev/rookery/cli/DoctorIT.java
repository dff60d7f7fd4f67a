package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorIT {
  private static final String NO_OLLAMA = "http://127.0.0.1:1";

  @TempDir private Path home;

  @BeforeEach
  void makePrivate() throws IOException {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
  }

  private Shell.Result doctor(String... args) {
    return new Shell().home(home).env("OLLAMA_BASE_URL", NO_OLLAMA).run(args);
  }

  private static String level(Shell.Result result, String check) {
    return StreamSupport.stream(Json.parse(result.out()).path("checks").spliterator(), false)
        .filter(finding -> finding.path("id").asText().equals(check))
        .map(finding -> finding.path("level").asText())
        .findFirst()
        .orElse("absent");
  }

  @Test
  void an_empty_directory_is_healthy_and_the_scripted_model_is_a_warning() {
    Shell.Result result = doctor("doctor", "--json");
    assertThat(level(result, "jdk")).isEqualTo("ok");
    assertThat(level(result, "data-dir")).isEqualTo("ok");
    assertThat(level(result, "key")).isEqualTo("info");
    assertThat(level(result, "database")).isEqualTo("info");
    assertThat(level(result, "model")).isEqualTo("warn");
    assertThat(level(result, "sandbox")).isIn("ok", "warn");
    assertThat(level(result, "network")).isIn("ok", "warn");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void every_problem_comes_with_its_next_step() throws IOException {
    Files.writeString(home.resolve("rookery.db"), "this is no database");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Shell.Result result = doctor("doctor", "--json");
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(level(result, "data-dir")).isEqualTo("warn");
    assertThat(level(result, "key")).isEqualTo("fail");
    assertThat(level(result, "database")).isEqualTo("fail");
    for (JsonNode finding : Json.parse(result.out()).path("checks")) {
      boolean bad = !finding.path("level").asText().matches("ok|info");
      assertThat(finding.path("next").asText("").isEmpty()).isEqualTo(!bad);
    }
    assertThat(doctor("doctor").out()).contains("fail  key: ").contains("→ Put the key file back");
  }

  @Test
  void a_key_that_others_can_read_fails() throws IOException {
    Path key = Files.writeString(home.resolve("master.key"), "00".repeat(32));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor("doctor").out()).contains("fail  key: ").contains("chmod 600");
  }

  @Test
  void a_running_server_is_asked_about_itself() throws IOException {
    try (FakeServer server = FakeServer.announcedIn(home)) {
      server
          .on("GET", "/health/live", 200, "")
          .on("GET", "/health/ready", 503, "")
          .on(
              "GET",
              "/api/v1/status",
              200,
              "{'org':{'name':'Crows'},'model':{'sentence':'anthropic/x','scripted':false,'ready':true},"
                  + "'integrations':[{'id':'int_1','name':'bot','enabled':true}]}")
          .on(
              "POST",
              "/api/v1/integrations/int_1/test",
              200,
              "{'ok':false,'problem':'Unauthorized'}");
      Shell.Result result = doctor("doctor", "--json");
      assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
      assertThat(level(result, "server")).isEqualTo("ok");
      assertThat(level(result, "database")).isEqualTo("fail");
      assertThat(level(result, "api-key")).isEqualTo("ok");
      assertThat(level(result, "model")).isEqualTo("ok");
      assertThat(level(result, "integration bot")).isEqualTo("fail");
      assertThat(level(result, "port")).isEqualTo("absent");
    }
  }

  @Test
  void a_server_that_does_not_answer_fails() {
    Shell.Result result = doctor("doctor", "--json", "--server", "http://127.0.0.1:1");
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(level(result, "server")).isEqualTo("fail");
  }
}
