package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.orgs.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Secrets and network rules over HTTP. Every answer is also held against the document. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecretRoutesIT {
  private static final String VALUE = "ghp_planted0123456789";
  private final TestServer server = TestServer.start();
  private final String owner = server.key(Role.OWNER);

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void a_secret_goes_in_and_its_value_never_comes_out() {
    server.post(owner, "/api/v1/agents", "{\"handle\":\"keeper\"}");
    String body =
        """
        {"name": "GITHUB", "hosts": ["api.github.com"], "place": "header:Authorization",
         "prefix": "Bearer ", "value": "%s", "agents": ["keeper"]}
        """
            .formatted(VALUE);
    var created = server.post(owner, "/api/v1/secrets", body);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.response().body()).doesNotContain(VALUE).contains("api.github.com");
    assertThat(created.json().path("agents")).hasSize(1);
    assertThat(server.post(owner, "/api/v1/secrets", body).code()).isEqualTo("secret-exists");
    var rotated =
        server.call("PUT", "/api/v1/secrets/GITHUB", owner, "{\"value\":\"" + VALUE + "2\"}");
    assertThat(rotated.status()).isEqualTo(200);
    var bad =
        server.call("PUT", "/api/v1/secrets/GITHUB", owner, "{\"value\":\"hun ter2\\u0007\"}");
    assertThat(bad.code()).isEqualTo("bad-secret");
    assertThat(bad.response().body()).doesNotContain("hun ter2");
    assertThat(server.get(owner, "/api/v1/secrets").response().body())
        .contains("GITHUB")
        .doesNotContain(VALUE, "enc:");
    assertThat(server.get(owner, "/api/v1/journal?after=0").response().body())
        .contains("secret.created", "secret.rotated")
        .doesNotContain(VALUE);
    assertThat(server.call("DELETE", "/api/v1/secrets/GITHUB", owner, null).status())
        .isEqualTo(204);
    assertThat(server.call("DELETE", "/api/v1/secrets/GITHUB", owner, null).code())
        .isEqualTo("secret-not-found");
  }

  @Test
  void operators_decide_where_a_sandbox_connects_and_admins_about_the_inside() {
    server.post(owner, "/api/v1/agents", "{\"handle\":\"walker\"}");
    String operator = server.key(Role.OPERATOR);
    String network = "/api/v1/agents/walker/network";
    assertThat(server.get(operator, network).json().path("preset").asText()).isEqualTo("lockdown");
    var set = server.call("PUT", network, operator, "{\"preset\":\"github-only\"}");
    assertThat(set.json().path("rules")).hasSizeGreaterThan(2);
    var added =
        server.post(
            operator, network + "/rules", "{\"verdict\":\"deny\",\"host\":\"gist.github.com\"}");
    assertThat(added.json().at("/rules/0/host").asText()).isEqualTo("gist.github.com");
    assertThat(added.json().at("/rules/0/own").asBoolean()).isTrue();
    String inner = "{\"verdict\":\"allow\",\"host\":\"build.internal\",\"private_networks\":true}";
    assertThat(server.post(operator, network + "/rules", inner).status()).isEqualTo(403);
    assertThat(server.post(owner, network + "/rules", inner).status()).isEqualTo(200);
    var removed = server.call("DELETE", network + "/rules?host=gist.github.com", operator, null);
    assertThat(removed.json().at("/rules/0/host").asText()).isEqualTo("build.internal");
    assertThat(server.call("DELETE", network + "/rules?host=x.test", operator, null).code())
        .isEqualTo("network-rule-not-found");
    assertThat(
            server
                .call("PUT", network, server.key(Role.VIEWER), "{\"preset\":\"lockdown\"}")
                .status())
        .isEqualTo(403);
  }
}
