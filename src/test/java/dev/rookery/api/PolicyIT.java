package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.orgs.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Rules over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PolicyIT {
  private static final String RULES = "/api/v1/agents/ruled/rules";
  private final TestServer server = TestServer.start();
  private final String owner = server.key(Role.OWNER);

  @BeforeAll
  void agent() {
    server.post(owner, "/api/v1/agents", "{\"handle\":\"ruled\"}");
    server.post(owner, "/api/v1/agents", "{\"handle\":\"other\"}");
  }

  @AfterAll
  void close() {
    server.close();
  }

  private TestServer.Answer put(String path, String rule, String verdict) {
    return server.post(
        owner, path, "{\"rule\":\"%s\",\"verdict\":\"%s\"}".formatted(rule, verdict));
  }

  private JsonNode explain(String agent, String call) {
    return server
        .post(
            owner,
            "/api/v1/policy/explain",
            "{\"agent\":\"%s\",\"call\":\"%s\"}".formatted(agent, call))
        .json();
  }

  @Test
  void a_rule_is_set_listed_explained_and_removed() {
    var made = put(RULES, "bash(git *)", "allow");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().path("warnings")).isEmpty();
    put(RULES, "bash(rm *)", "deny");

    assertThat(server.get(owner, RULES).json().path("items"))
        .extracting(rule -> rule.path("rule").asText())
        .contains("bash(git *)", "bash(rm *)");
    JsonNode ruling = explain("ruled", "bash(git log; rm -rf /)");
    assertThat(ruling.path("verdict").asText()).isEqualTo("deny");
    assertThat(ruling.path("rule").asText()).isEqualTo("deny bash(rm *)");
    assertThat(ruling.path("parts")).hasSize(2);
    JsonNode git = explain("ruled", "bash(git log)");
    assertThat(git.path("rule_id")).isEqualTo(made.json().path("id"));

    String one = "/api/v1/rules/" + made.json().path("id").asText();
    assertThat(server.call("DELETE", one, owner, null).status()).isEqualTo(204);
    assertThat(server.call("DELETE", one, owner, null).status()).isEqualTo(404);
    assertThat(explain("ruled", "bash(git log)").path("verdict").asText()).isEqualTo("ask");
  }

  @Test
  void a_rule_on_everyone_is_on_each_agent() {
    put("/api/v1/rules", "write(locked/**)", "deny");

    assertThat(server.get(owner, "/api/v1/rules").json().path("items"))
        .allMatch(rule -> rule.path("agent").isNull())
        .isNotEmpty();
    assertThat(explain("other", "write(locked/x)").path("verdict").asText()).isEqualTo("deny");
  }

  @Test
  void rules_that_say_nothing_are_warned_of_and_impossible_ones_refused() {
    put(RULES, "http(host:*.example)", "deny");
    var shadowed = put(RULES, "http(host:a.example)", "allow");

    assertThat(shadowed.json().path("warnings")).hasSize(1);
    assertThat(server.get(owner, RULES + "/lint").json().path("items"))
        .extracting(finding -> finding.path("rule").asText())
        .contains("http(host:a.example)");
    var impossible = put(RULES, "http(method:get)", "allow");
    assertThat(impossible.status()).isEqualTo(400);
    assertThat(impossible.code()).isEqualTo("bad-rule");
    assertThat(put("/api/v1/agents/nobody/rules", "x", "allow").status()).isEqualTo(404);
  }

  @Test
  void a_profile_is_applied() {
    server.post(owner, "/api/v1/agents", "{\"handle\":\"reader\"}");
    assertThat(server.get(owner, "/api/v1/policy/profiles").json().path("items"))
        .extracting(profile -> profile.path("id").asText())
        .containsExactly("read-only", "pr-writer", "full-ops");

    var applied =
        server.post(owner, "/api/v1/agents/reader/profile", "{\"profile\":\"read-only\"}");

    assertThat(applied.status()).isEqualTo(200);
    assertThat(explain("reader", "read(x)").path("verdict").asText()).isEqualTo("allow");
    assertThat(explain("reader", "write(x)").path("verdict").asText()).isEqualTo("deny");
    var unknown = server.post(owner, "/api/v1/agents/reader/profile", "{\"profile\":\"x\"}");
    assertThat(unknown.status()).isEqualTo(400);
  }

  @Test
  void a_call_may_be_a_tool_with_arguments() {
    var known =
        server.post(
            owner,
            "/api/v1/policy/explain",
            "{\"agent\":\"ruled\",\"call\":\"current_time\",\"arguments\":{}}");
    assertThat(known.json().path("verdict").asText()).isEqualTo("ask");
    var unknown =
        server.post(
            owner,
            "/api/v1/policy/explain",
            "{\"agent\":\"ruled\",\"call\":\"nothing\",\"arguments\":{}}");
    assertThat(unknown.status()).isEqualTo(404);
    var odd =
        server.post(owner, "/api/v1/policy/explain", "{\"agent\":\"ruled\",\"call\":\"A b\"}");
    assertThat(odd.code()).isEqualTo("bad-call");
  }

  @Test
  void another_organization_sees_nothing() {
    String theirs = server.key(server.house().orgs.create("Theirs").id(), Role.OWNER);
    var made = put(RULES, "bash(ls)", "allow");

    assertThat(server.get(theirs, RULES).status()).isEqualTo(404);
    assertThat(server.get(theirs, "/api/v1/rules").json().path("items")).isEmpty();
    String one = "/api/v1/rules/" + made.json().path("id").asText();
    assertThat(server.call("DELETE", one, theirs, null).status()).isEqualTo(404);
    assertThat(
            server
                .post(
                    theirs, "/api/v1/policy/explain", "{\"agent\":\"ruled\",\"call\":\"bash(ls)\"}")
                .status())
        .isEqualTo(404);
  }
}
