package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.BOOLEAN;
import static dev.rookery.api.Shape.Kind.INTEGER;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.egress.NetworkPolicies;
import dev.rookery.egress.NetworkPolicy;
import dev.rookery.egress.NetworkRule;
import dev.rookery.egress.Preset;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.orgs.Role;
import java.util.List;

/** Where the sandboxes of agents may connect. People decide about it; agents cannot. */
final class NetworkRoutes {
  private static final String NETWORK = "/api/v1/agents/{id}/network";
  private static final Shape NEW_PRESET =
      Shape.of(
          "NewPreset",
          required("preset", TEXT, "rules to begin with; the agent's own come before them")
              .oneOf("lockdown", "github-only", "development", "unrestricted"));
  private static final Shape NEW_RULE =
      Shape.of(
          "NewNetworkRule",
          required("verdict", TEXT, "the first rule on a host decides").oneOf("allow", "deny"),
          required("host", TEXT, "api.example.org, or *.example.org for all below"),
          optional("port", INTEGER, "443 if not given; a denial without one holds for all"),
          optional("plain_http", BOOLEAN, "permit unencrypted requests; needs an admin"),
          optional("private_networks", BOOLEAN, "permit private addresses; needs an admin"));

  private final NetworkPolicies networks;
  private final Rooms.Domain domain;

  NetworkRoutes(Rooms rooms) {
    this.domain = rooms.domain();
    this.networks = rooms.hands().networks();
  }

  void enter(Routes routes) {
    routes
        .get(NETWORK)
        .does("Shows where the sandbox of an agent may connect")
        .allows(Access.VIEWER)
        .answers(200, "NetworkPolicy")
        .by(call -> Reply.ok(view(networks.of(call.org(), agent(call)))));
    routes
        .put(NETWORK)
        .does("Sets the preset")
        .allows(Access.OPERATOR)
        .takes(NEW_PRESET)
        .answers(200, "NetworkPolicy")
        .by(this::set);
    routes
        .post(NETWORK + "/rules")
        .does("Puts a rule before all others, in place of one on the same host and port")
        .allows(Access.OPERATOR)
        .takes(NEW_RULE)
        .answers(200, "NetworkPolicy")
        .by(this::add);
    routes
        .delete(NETWORK + "/rules")
        .does("Removes the agent's own rules on a host")
        .allows(Access.OPERATOR)
        .query("host", "as the rule spells it")
        .answers(200, "NetworkPolicy")
        .by(this::remove);
  }

  private AgentId agent(Call call) {
    return domain.agents().require(call.org(), call.path("id")).id();
  }

  private Reply set(Call call) {
    Preset preset = Preset.of(call.body(NEW_PRESET).text("preset"));
    return Reply.ok(view(networks.set(call.org(), agent(call), preset)));
  }

  private Reply add(Call call) {
    Fields body = call.body(NEW_RULE);
    boolean plain = body.flag("plain_http", false);
    boolean inner = body.flag("private_networks", false);
    if (plain || inner) {
      call.principal().require(Role.ADMIN);
    }
    NetworkRule rule =
        new NetworkRule(
            body.text("verdict").equals("allow"),
            new HostPattern(body.text("host")),
            body.has("port") ? body.number("port").orElseThrow() : null,
            plain,
            inner);
    return Reply.ok(view(networks.add(call.org(), agent(call), rule)));
  }

  private Reply remove(Call call) {
    AgentId agent = agent(call);
    String host = call.query("host");
    if (host == null) {
      throw Refusal.badInput("bad-parameter", "The parameter 'host' is missing.");
    }
    return Reply.ok(view(networks.remove(call.org(), agent, new HostPattern(host))));
  }

  private static ObjectNode view(NetworkPolicy policy) {
    ObjectNode json =
        Json.object().put("agent", policy.agent().value()).put("preset", policy.preset().label());
    List<NetworkRule> rules = policy.rules();
    var array = json.putArray("rules");
    for (int i = 0; i < rules.size(); i++) {
      NetworkRule rule = rules.get(i);
      array
          .addObject()
          .put("verdict", rule.allow() ? "allow" : "deny")
          .put("host", rule.host().text())
          .put("port", rule.port())
          .put("plain_http", rule.plainHttp())
          .put("private_networks", rule.privateNetworks())
          .put("own", i < policy.own().size());
    }
    return json;
  }
}
