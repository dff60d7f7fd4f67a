package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agent;
import dev.rookery.egress.NetworkPolicy;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.policy.Action;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Circumstances;
import dev.rookery.policy.Grant;
import dev.rookery.policy.PolicyDecider;
import dev.rookery.policy.Ruleset;
import dev.rookery.policy.Ruling;
import dev.rookery.policy.StoredGrant;
import dev.rookery.tools.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent may do now: derived from the rules in force when asked, never stored. */
final class CapabilityView {
  private final Rooms rooms;

  CapabilityView(Rooms rooms) {
    this.rooms = rooms;
  }

  /** Tools with the rules that decide, where its sandbox may connect, whom it hears. */
  ObjectNode of(Agent agent) {
    OrgId org = agent.org();
    List<StoredGrant> stored = rooms.domain().grants().stored(org, agent.id());
    Ruleset rules = Ruleset.of(stored.stream().map(StoredGrant::grant).toList());
    ObjectNode json = Json.object();
    ArrayNode tools = json.putArray("tools");
    rooms.domain().tools().all(org).forEach(tool -> tools.add(view(tool, rules, stored)));
    json.set("network", network(rooms.hands().networks().of(org, agent.id())));
    ArrayNode hears = json.putArray("integrations");
    rooms.domain().integrations().list(org).stream()
        .filter(Integration::enabled)
        .filter(i -> i.agents().isEmpty() || i.agents().contains(agent.id()))
        .forEach(
            i ->
                hears
                    .addObject()
                    .put("id", i.id().value())
                    .put("channel", i.channel())
                    .put("name", i.name()));
    return json;
  }

  /** What is said of a call of which nothing is known; typed rules may say otherwise of some. */
  private static ObjectNode view(Tool tool, Ruleset rules, List<StoredGrant> stored) {
    String name = tool.spec().name();
    Ruling ruling =
        PolicyDecider.decide(
            rules, new Action(name, tool.capabilities(), List.of()), Circumstances.ATTENDED);
    ObjectNode json = Json.object().put("tool", name);
    ArrayNode classes = json.putArray("capabilities");
    tool.capabilities().stream().sorted().map(Capability::label).forEach(classes::add);
    json.put("offered", rules.offers(name, tool.capabilities()))
        .put("verdict", ruling.verdict().label())
        .put("rule", text(ruling.rule()))
        .put("rule_id", id(stored, ruling.rule()))
        .put("why", ruling.why());
    ArrayNode concerning = json.putArray("rules");
    rules.concerning(name, tool.capabilities()).forEach(grant -> concerning.add(grant.toString()));
    return json;
  }

  static @Nullable String text(@Nullable Grant grant) {
    return grant == null ? null : grant.toString();
  }

  private static @Nullable String id(List<StoredGrant> stored, @Nullable Grant grant) {
    return stored.stream()
        .filter(it -> it.grant().equals(grant))
        .findFirst()
        .map(it -> it.id().value())
        .orElse(null);
  }

  private static ObjectNode network(NetworkPolicy policy) {
    ObjectNode json = Json.object().put("preset", policy.preset().label());
    ArrayNode rules = json.putArray("allows");
    policy.rules().stream()
        .filter(rule -> rule.allow())
        .forEach(rule -> rules.add(rule.host().text()));
    return json;
  }
}
