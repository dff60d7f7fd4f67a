package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.TEXT;
import static dev.rookery.api.Shape.Kind.TEXTS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.policy.Grant;
import java.util.List;

/** Agents, and which tools they are granted. */
final class AgentRoutes {
  private static final String AGENT = "/api/v1/agents/{id}";
  private static final Shape NEW_AGENT =
      Shape.of(
          "NewAgent",
          required("handle", TEXT, "how people write it: [a-z0-9][a-z0-9-]{0,38}"),
          optional("name", TEXT, "1 to 200 characters; the handle if not given"),
          optional("instructions", TEXT, "what it is told before every conversation"),
          optional("model", TEXT, "provider/model; the organization's default if not given"),
          optional("tools", TEXTS, "what it may call: tools, starts of names with *, other rules"));
  private static final Shape VERDICT =
      Shape.of(
          "NewGrant",
          required("verdict", TEXT, "deny beats ask, ask beats allow")
              .oneOf("allow", "ask", "deny"));

  private final Rooms.Domain domain;

  AgentRoutes(Rooms rooms) {
    this.domain = rooms.domain();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/agents")
        .does("Lists agents")
        .allows(Access.VIEWER)
        .pages("AgentList")
        .by(this::list);
    routes
        .post("/api/v1/agents")
        .does("Creates an agent, which wakes when it is mentioned or called")
        .allows(Access.ADMIN)
        .takes(NEW_AGENT)
        .answers(201, "Agent")
        .by(this::create);
    routes
        .get(AGENT)
        .does("Shows an agent, by id or handle")
        .allows(Access.VIEWER)
        .answers(200, "Agent")
        .by(call -> Reply.ok(view(require(call))));
    routes
        .put(AGENT + "/tools/{tool}")
        .does("Sets the rule on a tool for an agent: allow, ask or deny")
        .allows(Access.ADMIN)
        .takes(VERDICT)
        .answers(200, "Grant")
        .by(this::grant);
    routes
        .delete(AGENT + "/tools/{tool}")
        .does("Removes the rule on a tool")
        .allows(Access.ADMIN)
        .answers(204, null)
        .by(this::removeGrant);
  }

  private Agent require(Call call) {
    return domain.agents().require(call.org(), call.path("id"));
  }

  private Reply list(Call call) {
    int limit = call.limit();
    List<Agent> agents = domain.agents().newest(call.org(), call.before(AgentId::new), limit + 1);
    return Reply.page(agents, limit, agent -> agent.id().value(), this::view);
  }

  private Reply create(Call call) {
    Fields body = call.body(NEW_AGENT);
    OrgId org = call.org();
    String handle = body.text("handle");
    NewAgent wish =
        new NewAgent(
            handle,
            body.text("name", handle),
            body.text("instructions", ""),
            body.textOrNull("model"));
    List<Grant> grants =
        body.texts("tools").stream().map(tool -> new Grant(tool, Grant.Verdict.ALLOW)).toList();
    grants.stream().map(Grant::rule).forEach(tool -> requireTool(org, tool));
    Agent agent = domain.agents().create(org, wish);
    grants.forEach(grant -> domain.grants().put(org, agent.id(), grant, call.by()));
    return Reply.json(201, view(agent));
  }

  /** A pattern may name tools that come later; a plain name is likely misspelled. */
  private void requireTool(OrgId org, String name) {
    boolean builtin =
        domain.tools().builtins().stream().anyMatch(tool -> tool.spec().name().equals(name));
    if (!builtin && name.matches("[a-z][a-z0-9_]*")) {
      domain.tools().require(org, name);
    }
  }

  private Reply grant(Call call) {
    Grant.Verdict verdict =
        Grant.Verdict.of(call.body(VERDICT).text("verdict")).orElse(Grant.Verdict.DENY);
    Grant grant = new Grant(call.path("tool"), verdict);
    AgentId agent = require(call).id();
    if (verdict != Grant.Verdict.DENY) {
      requireTool(call.org(), grant.rule());
    }
    domain.grants().put(call.org(), agent, grant, call.by());
    return Reply.ok(
        Json.object()
            .put("agent", agent.value())
            .put("tool", grant.rule())
            .put("verdict", verdict.label()));
  }

  private Reply removeGrant(Call call) {
    domain.grants().remove(call.org(), require(call).id(), call.path("tool"));
    return Reply.nothing();
  }

  private ObjectNode view(Agent agent) {
    ObjectNode json =
        Json.object()
            .put("id", agent.id().value())
            .put("handle", agent.handle())
            .put("name", agent.name())
            .put("instructions", agent.instructions())
            .put("model", agent.model())
            .put("enabled", agent.enabled())
            .put("created_at", Times.made(agent.id()))
            .put("updated_at", Times.of(agent.updatedAt()));
    var tools = json.putArray("tools");
    domain.tools().forAgent(agent.org(), agent.id()).forEach(tool -> tools.add(tool.spec().name()));
    return json;
  }
}
