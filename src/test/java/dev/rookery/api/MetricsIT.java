package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.OrgId;
import dev.rookery.orgs.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Health and metrics. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MetricsIT {
  private final TestServer server = TestServer.start();

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void health_needs_no_key() {
    assertThat(server.call("GET", "/health/live", null, null).status()).isEqualTo(200);
    var ready = server.call("GET", "/health/ready", null, null);
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.json().path("problems")).isEmpty();
  }

  @Test
  void metrics_count_what_was_served_and_taken() {
    String key = server.key(Role.OWNER);
    server.post(key, "/api/v1/agents", "{\"handle\":\"counted\"}");
    server.post(key, "/api/v1/agents/counted/messages", "{\"text\":\"x\"}");
    server.get(key, "/api/v1/nothing");
    String text = server.raw("GET", "/metrics", null).response().body();
    assertThat(text)
        .contains(
            "rookery_http_requests_seconds_count{route=\"POST /api/v1/agents\",status=\"201\"}")
        .contains("rookery_events_total{decision=\"accepted\",org=\"" + server.org() + "\"} 1.0")
        .contains("jvm_memory_used_bytes")
        .contains("rookery_runs_active 3.0")
        .contains("rookery_loop_errors_total{loop=\"dispatch\"} 2.0")
        .contains("rookery_dead_letters{org=\"" + server.org() + "\"} 0.0");
  }

  @Test
  void from_elsewhere_metrics_need_a_key_and_show_one_organization() {
    OrgId other = server.house().orgs.create("Other").id();
    var proxied = server.request("/metrics").header("X-Forwarded-For", "203.0.113.9");
    assertThat(server.send(proxied).status()).isEqualTo(401);
    var keyed =
        server.send(proxied.header("Authorization", "Bearer " + server.key(other, Role.VIEWER)));
    assertThat(keyed.status()).isEqualTo(200);
    assertThat(keyed.response().body())
        .contains(other.value())
        .contains("jvm_memory_used_bytes")
        .doesNotContain(server.org().value());
  }
}
