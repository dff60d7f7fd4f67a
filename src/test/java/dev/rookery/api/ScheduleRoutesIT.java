package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.agents.NewAgent;
import dev.rookery.orgs.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Schedules over HTTP; nothing moves, so what fires is what is fired by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScheduleRoutesIT {
  private final TestServer server = TestServer.start();
  private final String operator = server.key(Role.OPERATOR);
  private final String viewer = server.key(Role.VIEWER);
  private int schedules;

  @BeforeAll
  void agent() {
    server.house().agents.create(server.org(), new NewAgent("rook", "Rook", "", null));
  }

  @AfterAll
  void close() {
    server.close();
  }

  private String schedule() {
    String body =
        """
        {"name": "s%d", "trigger": "daily",
         "config": {"daily": ["09:00"], "zone": "Europe/Berlin", "prompt": "Plan."}}
        """
            .formatted(schedules++);
    var answer = server.post(operator, "/api/v1/agents/rook/policies", body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    return "/api/v1/policies/" + answer.json().path("id").asText();
  }

  @Test
  void a_schedule_says_what_comes_and_what_became_of_its_times() {
    String path = schedule();
    JsonNode fired = server.post(operator, path + "/run-now", "{}").json();
    assertThat(fired.path("verdict").asText()).isEqualTo("fired");
    assertThat(fired.path("by_hand").asBoolean()).isTrue();

    JsonNode shown = server.get(viewer, path + "/schedule").json();
    assertThat(shown.path("next")).hasSize(10);
    assertThat(shown.path("next").get(0)).isEqualTo(shown.path("next_run_at"));
    assertThat(shown.path("words").asText()).contains("09:00");
    assertThat(shown.at("/counts/fired").asInt()).isEqualTo(1);
    assertThat(shown.path("last").get(0)).isEqualTo(fired);
    assertThat(server.get(viewer, path + "/occurrences").json().path("items")).hasSize(1);
    assertThat(server.get(viewer, path + "/occurrences?verdict=missed").json().path("items"))
        .isEmpty();
    assertThat(server.get(viewer, "/api/v1/schedules").json().path("items"))
        .extracting(s -> "/api/v1/policies/" + s.path("id").asText())
        .contains(path);
  }

  @Test
  void a_backfill_runs_what_did_not_run() {
    String path = schedule();
    String span = "{\"from\":\"2026-01-05T00:00:00Z\",\"to\":\"2026-01-07T23:00:00Z\"}";
    JsonNode first = server.post(operator, path + "/backfill", span).json().path("items");
    assertThat(first)
        .extracting(o -> o.path("nominal_at").asText())
        .containsExactly(
            "2026-01-05T08:00:00.000Z", "2026-01-06T08:00:00.000Z", "2026-01-07T08:00:00.000Z");
    JsonNode page = server.get(viewer, path + "/occurrences?limit=2").json();
    assertThat(page.path("items")).hasSize(2);
    assertThat(
            server
                .get(viewer, path + "/occurrences?before=" + page.path("next").asText())
                .json()
                .path("items"))
        .hasSize(1);
  }

  @Test
  void what_cannot_be_done_is_refused_with_the_reason() {
    String path = schedule();
    String bad = "{\"from\":\"yesterday\",\"to\":\"2026-01-07T23:00:00Z\"}";
    assertThat(server.post(operator, path + "/backfill", bad).code()).isEqualTo("bad-value");
    String ahead = "{\"from\":\"2990-01-01T00:00:00Z\",\"to\":\"2990-01-02T00:00:00Z\"}";
    assertThat(server.post(operator, path + "/backfill", ahead).code()).isEqualTo("bad-range");
    assertThat(server.get(viewer, path + "/occurrences?verdict=lost").code())
        .isEqualTo("bad-parameter");
    server.post(operator, path + "/pause", "{\"reason\":\"holidays\"}");
    assertThat(server.post(operator, path + "/run-now", "{}").code()).isEqualTo("schedule-off");
    assertThat(server.post(viewer, path + "/run-now", "{}").status()).isEqualTo(403);
    assertThat(server.get(viewer, path + "/schedule").json().path("next_run_at").isNull()).isTrue();
    String manual =
        server.get(viewer, "/api/v1/policies?trigger=manual").json().at("/items/0/id").asText();
    assertThat(server.get(viewer, "/api/v1/policies/" + manual + "/schedule").code())
        .isEqualTo("not-a-schedule");
    var cron =
        server.post(
            operator,
            "/api/v1/agents/rook/policies",
            "{\"name\":\"x\",\"trigger\":\"cron\",\"config\":{\"cron\":\"30 2 31 2 *\",\"prompt\":\"p\"}}");
    assertThat(cron.json().path("detail").asText()).contains("/config/cron");
  }
}
