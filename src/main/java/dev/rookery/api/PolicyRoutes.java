package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.BOOLEAN;
import static dev.rookery.api.Shape.Kind.OBJECT;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RuleId;
import dev.rookery.policy.Action;
import dev.rookery.policy.CallText;
import dev.rookery.policy.Circumstances;
import dev.rookery.policy.Grant;
import dev.rookery.policy.LintRules;
import dev.rookery.policy.PolicyDecider;
import dev.rookery.policy.Profile;
import dev.rookery.policy.Ruleset;
import dev.rookery.policy.Ruling;
import dev.rookery.policy.StoredGrant;
import dev.rookery.policy.Taint;
import dev.rookery.tools.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rules on what agents may do, and what they say about a call. */
final class PolicyRoutes {
  private static final String OF_AGENT = "/api/v1/agents/{id}/rules";
  private static final Shape NEW_RULE =
      Shape.of(
          "NewRule",
          required("rule", TEXT, "a tool, start_*, *, a class such as @fs.write, or bash(git *) …"),
          required("verdict", TEXT, "deny beats ask, ask beats allow")
              .oneOf("allow", "ask", "deny"));
  private static final Shape APPLY =
      Shape.of(
          "ApplyProfile",
          required("profile", TEXT, "its rules become rules of the agent")
              .oneOf("read-only", "pr-writer", "full-ops"),
          optional("replace", BOOLEAN, "whether the agent's own rules of before are removed"));
  private static final Shape EXPLAIN =
      Shape.of(
          "ExplainCall",
          required("agent", TEXT, "id or handle"),
          required("call", TEXT, "a tool's name, or bash(rm -rf /), write(out/x) …"),
          optional("arguments", OBJECT, "of the tool, when the call is its name"),
          optional("attended", BOOLEAN, "whether somebody is there to be asked; true if not given"),
          optional("untrusted", BOOLEAN, "whether the run holds words of strangers"),
          optional("confidential", BOOLEAN, "whether the run holds private data"));

  private final Rooms.Domain domain;

  PolicyRoutes(Rooms rooms) {
    this.domain = rooms.domain();
  }

  void enter(Routes routes) {
    routes
        .get(OF_AGENT)
        .does("Lists the rules in force for an agent, with those on everyone")
        .allows(Access.VIEWER)
        .answers(200, "RuleList")
        .by(call -> Reply.all(domain.grants().stored(call.org(), agent(call)), this::view));
    routes
        .post(OF_AGENT)
        .does("Sets a rule on an agent; one with the same text is replaced")
        .allows(Access.ADMIN)
        .takes(NEW_RULE)
        .answers(201, "NewRuleResult")
        .by(call -> put(call, agent(call)));
    routes
        .get(OF_AGENT + "/lint")
        .does("Lists rules that say nothing: shadowed ones, and those on tools that do not exist")
        .allows(Access.VIEWER)
        .answers(200, "RuleFindingList")
        .by(call -> Reply.all(lint(call.org(), agent(call)), PolicyRoutes::view));
    routes
        .post("/api/v1/agents/{id}/profile")
        .does("Puts the rules of a profile on an agent")
        .allows(Access.ADMIN)
        .takes(APPLY)
        .answers(200, "RuleList")
        .by(this::apply);
    enterShared(routes);
  }

  private void enterShared(Routes routes) {
    routes
        .get("/api/v1/rules")
        .does("Lists the rules on every agent of the organization")
        .allows(Access.VIEWER)
        .answers(200, "RuleList")
        .by(call -> Reply.all(domain.grants().stored(call.org(), null), this::view));
    routes
        .post("/api/v1/rules")
        .does("Sets a rule on every agent of the organization")
        .allows(Access.ADMIN)
        .takes(NEW_RULE)
        .answers(201, "NewRuleResult")
        .by(call -> put(call, null));
    routes
        .delete("/api/v1/rules/{id}")
        .does("Removes a rule, on whomever it is")
        .allows(Access.ADMIN)
        .answers(204, null)
        .by(this::remove);
    routes
        .get("/api/v1/policy/profiles")
        .does("Lists named sets of rules")
        .allows(Access.VIEWER)
        .answers(200, "ProfileList")
        .by(_ -> Reply.all(List.of(Profile.values()), PolicyRoutes::view));
    routes
        .post("/api/v1/policy/explain")
        .does("Says what the rules say about a call, without making it")
        .changesNothing()
        .allows(Access.VIEWER)
        .takes(EXPLAIN)
        .answers(200, "Ruling")
        .by(this::explain);
  }

  private AgentId agent(Call call) {
    return domain.agents().require(call.org(), call.path("id")).id();
  }

  private Reply put(Call call, @Nullable AgentId agent) {
    Fields body = call.body(NEW_RULE);
    Grant grant =
        new Grant(
            body.text("rule"), Grant.Verdict.of(body.text("verdict")).orElse(Grant.Verdict.DENY));
    StoredGrant stored = domain.grants().put(call.org(), agent, grant, call.by());
    ObjectNode json = view(stored);
    var warnings = json.putArray("warnings");
    lint(call.org(), agent).stream()
        .filter(finding -> finding.grant().equals(grant))
        .forEach(finding -> warnings.add(finding.why()));
    return Reply.json(201, json);
  }

  private List<LintRules.Finding> lint(OrgId org, @Nullable AgentId agent) {
    Set<String> tools =
        domain.tools().all(org).stream()
            .map(tool -> tool.spec().name())
            .collect(Collectors.toSet());
    List<Grant> grants =
        domain.grants().stored(org, agent).stream().map(StoredGrant::grant).toList();
    return LintRules.check(grants, tools);
  }

  private Reply remove(Call call) {
    RuleId id = call.id("grant", "rul", RuleId::new);
    domain.grants().remove(call.org(), id);
    return Reply.nothing();
  }

  private Reply apply(Call call) {
    Fields body = call.body(APPLY);
    Profile profile = Profile.require(body.text("profile"));
    boolean replace = body.flag("replace", false);
    return Reply.all(
        domain.grants().apply(call.org(), agent(call), profile, replace, call.by()), this::view);
  }

  private Reply explain(Call call) {
    Fields body = call.body(EXPLAIN);
    OrgId org = call.org();
    AgentId agent = domain.agents().require(org, body.text("agent")).id();
    Action action = action(org, body);
    List<StoredGrant> stored = domain.grants().stored(org, agent);
    Ruleset rules = Ruleset.of(stored.stream().map(StoredGrant::grant).toList());
    Circumstances now =
        new Circumstances(
            body.flag("attended", true),
            new Taint(body.flag("untrusted", false), body.flag("confidential", false)));
    Ruling ruling = PolicyDecider.explain(rules, action, now);
    ObjectNode json =
        Json.object()
            .put("agent", agent.value())
            .put("tool", action.tool())
            .put("offered", rules.offers(action.tool(), action.capabilities()))
            .put("verdict", ruling.verdict().label())
            .put("rule", text(ruling.rule()))
            .put("rule_id", id(stored, ruling.rule()))
            .put("why", ruling.why());
    var parts = json.putArray("parts");
    ruling.parts().forEach(part -> parts.add(view(part)));
    return Reply.ok(json);
  }

  /** A tool that exists says itself what it can do and what the call would touch. */
  private Action action(OrgId org, Fields body) {
    String text = body.text("call");
    Action action = CallText.read(text);
    List<Tool> tools =
        new ArrayList<>(
            domain.tools().all(org).stream()
                .filter(tool -> tool.spec().name().equals(action.tool()))
                .toList());
    if (tools.isEmpty()) {
      if (body.has("arguments")) {
        throw Refusal.notFound("tool", action.tool());
      }
      return action;
    }
    Tool tool = tools.getFirst();
    boolean byName = text.equals(action.tool());
    return new Action(
        action.tool(),
        tool.capabilities(),
        (byName && body.has("arguments"))
            ? tool.demands(body.object("arguments"))
            : action.demands());
  }

  private static @Nullable String text(@Nullable Grant grant) {
    return grant == null ? null : grant.toString();
  }

  private static @Nullable String id(List<StoredGrant> stored, @Nullable Grant grant) {
    return stored.stream()
        .filter(it -> it.grant().equals(grant))
        .findFirst()
        .map(it -> it.id().value())
        .orElse(null);
  }

  private ObjectNode view(StoredGrant stored) {
    AgentId agent = stored.agent();
    return Json.object()
        .put("id", stored.id().value())
        .put("agent", agent == null ? null : agent.value())
        .put("rule", stored.grant().rule())
        .put("verdict", stored.grant().verdict().label())
        .put("created_by", stored.createdBy())
        .put("created_at", Times.of(stored.createdAt()));
  }

  private static ObjectNode view(LintRules.Finding finding) {
    return Json.object()
        .put("rule", finding.grant().rule())
        .put("verdict", finding.grant().verdict().label())
        .put("by", text(finding.by()))
        .put("why", finding.why());
  }

  private static ObjectNode view(Profile profile) {
    ObjectNode json = Json.object().put("id", profile.label()).put("summary", profile.summary());
    var rules = json.putArray("rules");
    profile
        .grants()
        .forEach(
            grant ->
                rules
                    .addObject()
                    .put("rule", grant.rule())
                    .put("verdict", grant.verdict().label()));
    return json;
  }

  private static ObjectNode view(Ruling.Part part) {
    return Json.object()
        .put("command", part.what())
        .put("verdict", part.verdict().label())
        .put("rule", text(part.rule()))
        .put("why", part.why());
  }
}
