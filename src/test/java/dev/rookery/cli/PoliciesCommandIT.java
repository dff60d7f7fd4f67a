package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the options of {@code policies} become, and what is refused before anything is asked. */
class PoliciesCommandIT {
  private static final String POLICY =
      "{'id':'pol_1','agent':'rook','name':'report','trigger':'interval','state':'on',"
          + "'config':{'every_ms':3600000},'hook':null}";

  @TempDir private Path home;

  private Shell.Result run(String... args) {
    return new Shell().home(home).run(args);
  }

  @Test
  void options_become_the_policy_that_the_api_wants() throws IOException {
    try (FakeServer server = FakeServer.announcedIn(home)) {
      server.on("POST", "/api/v1/agents/rook/policies", 201, POLICY);
      run("policies", "create", "rook", "--every", "1d", "--prompt", "Hi.", "--set", "missed=skip");
      JsonNode body = server.last("POST").json();
      assertThat(body.path("name").asText()).isEqualTo("every 1 d");
      assertThat(body.path("trigger").asText()).isEqualTo("interval");
      assertThat(body.path("config").toString())
          .isEqualTo("{\"every_ms\":86400000,\"prompt\":\"Hi.\",\"missed\":\"skip\"}");

      run("policies", "create", "rook", "--daily", "09:00,17:30", "--zone", "Europe/Berlin");
      assertThat(server.last("POST").json().path("config").path("daily")).hasSize(2);
      Path file = Files.writeString(home.resolve("p.json"), "{\"trigger\":\"mention\"}");
      run("policies", "create", "rook", "--name", "m", "--from-file", file.toString());
      assertThat(server.last("POST").body()).isEqualTo("{\"trigger\":\"mention\",\"name\":\"m\"}");
      run("schedules", "create", "rook", "--cron", "@daily", "--prompt", "x", "--mode", "collect");
      assertThat(server.last("POST").json().path("mode").asText()).isEqualTo("collect");
    }
  }

  @Test
  void a_policy_is_named_by_agent_and_name_and_changed_by_its_id() throws IOException {
    try (FakeServer server = FakeServer.announcedIn(home)) {
      server.on("GET", "/api/v1/agents/rook/policies", 200, "{'items':[" + POLICY + "]}");
      server.on("GET", "/api/v1/policies", 200, "{'items':[" + POLICY + "," + POLICY + "]}");
      server.on("PATCH", "/api/v1/policies/pol_1", 200, POLICY);
      server.on("POST", "/api/v1/policies/pol_1/pause", 200, POLICY);

      assertThat(run("policies", "list", "rook").out()).contains("every 1 h", "report");
      run("policies", "edit", "rook/report", "--prompt", "New.", "--clear", "filter");
      assertThat(server.last("PATCH").body())
          .isEqualTo("{\"config\":{\"prompt\":\"New.\"},\"filter\":null}");
      run("policies", "pause", "rook/report", "--for", "2h", "--reason", "rest");
      assertThat(server.last("POST").json().path("until").asText())
          .isEqualTo("2026-11-20T14:00:00Z");
      Shell.Result twice = run("policies", "edit", "report", "--prompt", "x");
      assertThat(twice.exitCode()).isEqualTo(Exit.USAGE);
      assertThat(twice.err()).contains("rook/report");
      assertThat(run("policies", "show", "rook/other").exitCode()).isEqualTo(Exit.NOT_FOUND);
    }
  }

  @Test
  void bad_usage_is_told_and_nothing_is_asked() {
    for (String line :
        new String[] {
          "policies create rook",
          "policies create rook --mention --every 1h",
          "policies create rook --every soon",
          "policies create rook --from-file none.json",
          "policies create rook --mention --set missed",
          "policies edit pol_1",
          "policies pause pol_1 --for 1h --until 2030-01-01T00:00:00Z",
          "policies list rook --trigger cron",
          "policies rotate-hook pol_1 --keep-url --keep-signing",
          "policies backfill pol_1 --from 2030-01-01T00:00:00Z",
        }) {
      Shell.Result result = run(line.split(" "));
      assertThat(result.exitCode()).as(line).isEqualTo(Exit.USAGE);
      assertThat(result.err()).as(line).isNotBlank();
    }
  }

  @Test
  void the_url_of_a_webhook_is_printed_with_a_warning() throws IOException {
    try (FakeServer server = FakeServer.announcedIn(home)) {
      server.on(
          "POST",
          "/api/v1/policies/pol_1/hook",
          200,
          "{'path':'/hooks/pol_1/t','url':null,'signing_secret':'whsec_x'}");
      Shell.Result result = run("policies", "rotate-hook", "pol_1");
      assertThat(result.out()).contains(server.url() + "/hooks/pol_1/t", "whsec_x");
      assertThat(result.err()).contains("not shown again");
    }
  }
}
