package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.agents.NewAgent;
import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Outbox;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.Role;
import dev.rookery.store.Rows;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * For every route that changes something, a call that succeeds; what it needs is made when it is
 * asked for. A new route that changes something needs an entry here.
 */
final class CallFixtures {
  private final TestServer server;
  private final OrgId org;
  private final String owner;
  private final AgentId agent;
  private final Map<String, Supplier<Ready>> fixtures = new LinkedHashMap<>();
  private int made;

  /** A call that will succeed. */
  record Ready(String path, String body) {}

  CallFixtures(TestServer server) {
    this.server = server;
    this.org = server.org();
    this.owner = server.key(Role.OWNER);
    this.agent = server.house().agents.create(org, new NewAgent("rook", "Rook", "", null)).id();
    people();
    waking();
    rules();
    places();
    hands();
    flow();
    runs();
  }

  /** Null when there is none for the route. */
  @Nullable Ready ready(Route route) {
    Supplier<Ready> fixture = fixtures.get(route.name());
    return fixture == null ? null : fixture.get();
  }

  private void on(String method, String path, Supplier<Ready> fixture) {
    fixtures.put(method + " /api/v1/" + path, fixture);
  }

  /** Quotes may be single. */
  private static Ready at(String path, String body) {
    return new Ready("/api/v1/" + path, body.replace('\'', '"'));
  }

  private String unique(String word) {
    return word + "-" + ++made;
  }

  /** Makes something with another key, and gives the id of it. */
  private String create(String path, String body) {
    JsonNode answer = server.post(owner, "/api/v1/" + path, body.replace('\'', '"')).json();
    if (!answer.has("id")) {
      throw new AssertionError(path + " made nothing: " + answer);
    }
    return answer.path("id").asText();
  }

  private void people() {
    on("POST", "keys", () -> at("keys", "{'name':'k','role':'viewer','scopes':['runs:read']}"));
    on("DELETE", "keys/{id}", () -> at("keys/" + create("keys", key()), "{}"));
    on("POST", "members", () -> at("members", member()));
    on("PATCH", "members/{id}", () -> at(oneMember(), "{'role':'operator'}"));
    on("DELETE", "members/{id}", () -> at(oneMember(), "{}"));
    on("POST", "secrets", () -> at("secrets", secret("S" + ++made)));
    on("PUT", "secrets/{id}", () -> at(oneSecret(), "{'value':'other-value-1'}"));
    on("DELETE", "secrets/{id}", () -> at(oneSecret(), "{}"));
    on("POST", "budgets", () -> at("budgets", budget()));
    on("PUT", "budgets/{id}", () -> at("budgets/" + create("budgets", budget()), "{'hard':7}"));
    on("DELETE", "budgets/{id}", () -> at("budgets/" + create("budgets", budget()), "{}"));
    on("PUT", "prices", () -> at("prices", "{'kind':'tool','name':'lamp','call':0.1}"));
    on(
        "DELETE",
        "prices",
        () -> {
          String body = "{\"kind\":\"tool\",\"name\":\"gone\",\"call\":0.1}";
          server.call("PUT", "/api/v1/prices", owner, body);
          return at("prices?kind=tool&name=gone", "{}");
        });
  }

  private static String key() {
    return "{'name':'k','role':'viewer'}";
  }

  private String member() {
    return "{'name':'M','email':'%s@example.org','role':'viewer'}".formatted(unique("m"));
  }

  private String oneMember() {
    return "members/" + create("members", member());
  }

  private static String secret(String name) {
    return "{'name':'%s','hosts':['a.example'],'place':'header:X-Key','value':'value-12345'}"
        .formatted(name);
  }

  private String oneSecret() {
    String name = "S" + ++made;
    server.post(owner, "/api/v1/secrets", secret(name).replace('\'', '"'));
    return "secrets/" + name;
  }

  private String budget() {
    String agent = unique("spender");
    create("agents", "{'handle':'%s'}".formatted(agent));
    return "{'scope':'agent','subject':'%s','window':'day','hard':5}".formatted(agent);
  }

  private void waking() {
    on("POST", "agents/{id}/policies", () -> at("agents/rook/policies", daily()));
    on("PATCH", "policies/{id}", () -> at(schedule(), "{'enabled':false}"));
    on("DELETE", "policies/{id}", () -> at(schedule(), "{}"));
    on("POST", "policies/{id}/pause", () -> at(schedule() + "/pause", "{'reason':'later'}"));
    on(
        "POST",
        "policies/{id}/resume",
        () -> {
          String path = schedule();
          server.post(owner, "/api/v1/" + path + "/pause", "{}");
          return at(path + "/resume", "{}");
        });
    on("POST", "policies/{id}/run-now", () -> at(schedule() + "/run-now", "{}"));
    String span = "{'from':'2026-01-05T00:00:00Z','to':'2026-01-07T23:00:00Z'}";
    on("POST", "policies/{id}/backfill", () -> at(schedule() + "/backfill", span));
    on("POST", "policies/{id}/hook", () -> at(hook() + "/hook", "{}"));
    on("POST", "policies/{id}/hook/test", () -> at(hook() + "/hook/test", "{}"));
  }

  private String daily() {
    return "{'name':'%s','trigger':'daily','config':{'daily':['09:00'],'prompt':'Plan.'}}"
        .formatted(unique("s"));
  }

  private String schedule() {
    return "policies/" + create("agents/rook/policies", daily());
  }

  private String hook() {
    String body = "{'name':'%s','trigger':'webhook','config':{}}".formatted(unique("h"));
    return "policies/" + create("agents/rook/policies", body);
  }

  private void rules() {
    on("POST", "agents", () -> at("agents", "{'handle':'%s'}".formatted(unique("a"))));
    on("POST", "tools", () -> at("tools", tool(unique("lamp").replace('-', '_'))));
    String allow = "{'verdict':'allow'}";
    on("PUT", "agents/{id}/tools/{tool}", () -> at("agents/rook/tools/current_time", allow));
    on(
        "DELETE",
        "agents/{id}/tools/{tool}",
        () -> {
          String path = "agents/rook/tools/todo";
          server.call("PUT", "/api/v1/" + path, owner, "{\"verdict\":\"allow\"}");
          return at(path, "{}");
        });
    on("POST", "agents/{id}/rules", () -> at("agents/rook/rules", rule()));
    on("POST", "rules", () -> at("rules", rule()));
    on("DELETE", "rules/{id}", () -> at("rules/" + create("rules", rule()), "{}"));
    on(
        "POST",
        "agents/{id}/profile",
        () -> {
          String fresh = create("agents", "{'handle':'%s'}".formatted(unique("p")));
          return at("agents/" + fresh + "/profile", "{'profile':'read-only'}");
        });
  }

  private void places() {
    on("PUT", "agents/{id}/network", () -> at("agents/rook/network", "{'preset':'lockdown'}"));
    String network = "agents/rook/network/rules";
    on("POST", "agents/{id}/network/rules", () -> at(network, host("a.example")));
    on(
        "DELETE",
        "agents/{id}/network/rules",
        () -> {
          server.post(owner, "/api/v1/" + network, host("b.example").replace('\'', '"'));
          return at(network + "?host=b.example", "{}");
        });
    on("POST", "integrations", () -> at("integrations", integration()));
    on("PUT", "integrations/{id}/members/{user}", () -> at(oneIntegration() + "/members/17", "{}"));
    on(
        "DELETE",
        "integrations/{id}/members/{user}",
        () -> {
          String path = oneIntegration() + "/members/17";
          server.call("PUT", "/api/v1/" + path, owner, "{}");
          return at(path, "{}");
        });
  }

  private static String tool(String name) {
    return ("{'name':'%s','description':'Switches.','url':'https://lamp.example/x',"
            + "'schema':{'type':'object'}}")
        .formatted(name);
  }

  private String rule() {
    return "{'rule':'bash(%s *)','verdict':'deny'}".formatted(unique("x"));
  }

  private static String host(String host) {
    return "{'verdict':'allow','host':'%s'}".formatted(host);
  }

  private String integration() {
    return "{'channel':'telegram','name':'%s','secrets':{'bot_token':'1:t'}}"
        .formatted(unique("bot"));
  }

  private String oneIntegration() {
    return "integrations/" + create("integrations", integration());
  }

  private void hands() {
    String checkpoints = "agents/rook/checkpoints";
    String named = "{'name':'one'}";
    on("POST", "agents/{id}/checkpoints", () -> at(checkpoints, named));
    on(
        "POST",
        "agents/{id}/checkpoints/{checkpoint}/restore",
        () -> at(checkpoints + "/" + create(checkpoints, named) + "/restore", "{}"));
    on(
        "DELETE",
        "agents/{id}/checkpoints/{checkpoint}",
        () -> at(checkpoints + "/" + create(checkpoints, named), "{}"));
    on(
        "DELETE",
        "agents/{id}/tasks/{task}",
        () -> at("agents/rook/tasks/" + write(tx -> Rows.endedTask(tx, org, agent)), "{}"));
    on(
        "POST",
        "agents/{id}/home/trust",
        () -> {
          write(
              tx -> {
                server.house().hands.homeTrust.mark(tx, org, agent, RunId.next());
                return agent;
              });
          return at("agents/rook/home/trust", "{}");
        });
  }

  private void flow() {
    on("POST", "agents/{id}/messages", () -> at("agents/rook/messages", "{'text':'hello'}"));
    on("POST", "runs/{id}/cancel", () -> at("runs/" + run() + "/cancel", "{}"));
    on("POST", "runs/{id}/steps/{seq}/resolution", this::unknownStep);
    on("POST", "deliveries/{id}/resolution", this::unknownDelivery);
    on("POST", "events/{id}/replay", this::deadLetter);
    on(
        "POST",
        "approvals/{id}/answer",
        () -> at("approvals/" + approval() + "/answer", "{'answer':'deny'}"));
    on(
        "DELETE",
        "standing-approvals/{id}",
        () -> {
          ApprovalId id = approval();
          server.house().approvals.answer(org, id, new Answer.AllowAlways(), null, "ada");
          return at("standing-approvals/" + id, "{}");
        });
    on(
        "PUT",
        "approval-desk",
        () -> at("approval-desk", "{'conversation':'%s'}".formatted(conversation())));
    on("DELETE", "approval-desk", () -> at("approval-desk", "{}"));
  }

  private void runs() {
    RunFixtures runs = new RunFixtures(server, agent);
    on("POST", "runs", () -> at("runs", "{'agent':'rook','text':'hello'}"));
    on("POST", "runs/{id}/retry", () -> at("runs/" + runs.over(conversation()) + "/retry", "{}"));
    on(
        "POST",
        "runs/{id}/fork",
        () -> at("runs/" + runs.over(conversation()) + "/fork", "{'text':'And then?'}"));
    on(
        "POST",
        "conversations/{id}/clear",
        () -> at("conversations/" + ConversationRoutes.idOf(conversation()) + "/clear", "{}"));
    on("POST", "workers/{id}/cancel", () -> at("workers/" + worker(runs) + "/cancel", "{}"));
  }

  private String worker(RunFixtures runs) {
    RunId parent = runs.delegating(conversation(), "{\"tasks\":[{\"task\":\"one\"}]}");
    var listed = server.get(owner, "/api/v1/workers?parent=" + parent).json();
    return listed.at("/items/0/id").asText();
  }

  private <T> T write(Function<Tx, T> work) {
    return server.house().database().write(org, work);
  }

  private RunId run() {
    RunId run = write(tx -> Rows.run(tx, org, agent));
    String conversation = conversation();
    execute("UPDATE run SET conversation_key = ? WHERE id = ?", conversation, run.value());
    return run;
  }

  private int execute(String sql, Object... values) {
    return write(tx -> tx.handle().execute(sql, values));
  }

  private Ready unknownStep() {
    RunId run = run();
    write(
        tx -> {
          Rows.step(tx, org, run, 1);
          return run;
        });
    execute("UPDATE step SET state = 'unknown' WHERE run_id = ?", run.value());
    execute("UPDATE run SET state = 'waiting_permission' WHERE id = ?", run.value());
    return at("runs/" + run + "/steps/1/resolution", "{'as':'skip'}");
  }

  private String conversation() {
    String key = "api:" + unique("c");
    String body = "{\"text\":\"hi\",\"conversation\":\"" + key + "\"}";
    server.post(owner, "/api/v1/agents/rook/messages", body);
    execute(
        """
        INSERT INTO conversation (org_id, conversation_key, address, name, direct, cleared_at, created_at)
        VALUES (?, ?, '', '', 1, 0, 1)
        """,
        org.value(),
        key);
    return key;
  }

  private Ready unknownDelivery() {
    String conversation = conversation();
    write(
        tx -> {
          server
              .house()
              .outbox
              .say(tx, org, new Outbox.Said(conversation, null, conversation, "hi", null));
          return org;
        });
    execute("UPDATE outbox SET state = 'unknown' WHERE conversation_key = ?", conversation);
    var listed = server.get(owner, "/api/v1/deliveries?conversation=" + conversation).json();
    return at(
        "deliveries/" + listed.at("/items/0/id").asText() + "/resolution", "{'as':'happened'}");
  }

  private Ready deadLetter() {
    String body = "{\"text\":\"dead\"}";
    String event =
        server.post(owner, "/api/v1/agents/rook/messages", body).json().path("event_id").asText();
    execute("UPDATE event SET dispatch = 'dead' WHERE id = ?", event);
    return at("events/" + event + "/replay", "{}");
  }

  private ApprovalId approval() {
    RunId run = run();
    String conversation = conversation();
    return write(
            tx ->
                server
                    .house()
                    .approvals
                    .request(
                        tx,
                        org,
                        new Approvals.Request(
                            new Approval.Subject(run, 1, agent, conversation),
                            Approval.Call.of("act", "{\"n\":" + ++made + "}"),
                            new Approval.Asked("act", "A rule asks.", "act"),
                            Duration.ofHours(1))))
        .id();
  }
}
