package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.Activations;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.occurrences.Description;
import dev.rookery.runs.Run;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why it woke, when it will wake again, what it may touch; and one run, link by link. */
final class WhyRoutes {
  private static final int NEXT = 3;
  private final Rooms rooms;
  private final PolicyView policies;
  private final CapabilityView capability;
  private final RunChain chain;
  private final InstantSource clock;

  WhyRoutes(Rooms rooms, InstantSource clock) {
    this.rooms = rooms;
    this.policies = new PolicyView(rooms.domain().agents(), clock);
    this.capability = new CapabilityView(rooms);
    this.chain = new RunChain(rooms);
    this.clock = clock;
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/agents/{id}/wake-card")
        .does("Shows why an agent woke or did not, when it wakes next, and what it may do")
        .allows(Access.VIEWER)
        .query("limit", "at most so many decisions, 1 to 200; 50 if not given")
        .query("before", "decisions after the page whose `next` this was")
        .answers(200, "WakeCard")
        .by(this::card);
    routes
        .get("/api/v1/runs/{id}/why")
        .does("Shows one run link by link: events, policies, gates, rules, steps, outcome")
        .allows(Access.VIEWER)
        .answers(200, "RunWhy")
        .by(call -> Reply.ok(chain.of(call.org(), call.id("run", "run", RunId::new))));
  }

  private Reply card(Call call) {
    OrgId org = call.org();
    Agent agent = rooms.domain().agents().require(org, call.path("id"));
    List<ActivationPolicy> all = rooms.flow().activations().policies(org, agent.id());
    ObjectNode json = Json.object();
    json.putObject("agent")
        .put("id", agent.id().value())
        .put("handle", agent.handle())
        .put("name", agent.name())
        .put("enabled", agent.enabled());
    json.put("at", Times.of(clock.instant()));
    ArrayNode array = json.putArray("policies");
    all.forEach(policy -> array.add(policy(policy)));
    json.set("activations", decisions(call, agent, all));
    json.set("capability", capability.of(agent));
    return Reply.ok(json);
  }

  private ObjectNode policy(ActivationPolicy policy) {
    Activations.Latest latest = rooms.flow().activations().latest(policy);
    ObjectNode json = policies.of(policy);
    ArrayNode next = json.putArray("next");
    if (ScheduleRoutes.TRIGGERS.contains(policy.wake().trigger())) {
      Description.Ahead ahead =
          rooms.waking().occurrences().describe(policy.org(), policy.id()).ahead();
      Instant first = ahead.nextRunAt();
      ahead.next().stream()
          .filter(time -> first != null && !time.isBefore(first))
          .limit(NEXT)
          .forEach(time -> next.add(Times.of(time)));
      if (first != null && next.isEmpty()) {
        next.add(Times.of(first));
      }
    }
    json.set("last", view(latest.any()));
    json.set("last_woke", view(latest.woke()));
    Activation woke = latest.woke();
    json.set("last_run", woke == null || woke.run() == null ? null : run(policy.org(), woke.run()));
    return json;
  }

  private static @Nullable ObjectNode view(@Nullable Activation activation) {
    return activation == null ? null : RunView.of(activation);
  }

  private ObjectNode run(OrgId org, RunId id) {
    Run run = rooms.flow().runs().find(org, id);
    return RunView.of(run);
  }

  private ObjectNode decisions(Call call, Agent agent, List<ActivationPolicy> policies) {
    Map<PolicyId, ActivationPolicy> byId =
        policies.stream().collect(Collectors.toMap(ActivationPolicy::id, Function.identity()));
    int limit = call.limit();
    List<Activations.Seen> seen =
        rooms
            .flow()
            .activations()
            .ofAgent(
                call.org(),
                new Activations.Query(agent.id(), call.before(ActivationId::new), limit + 1));
    List<Activations.Seen> shown = seen.size() > limit ? seen.subList(0, limit) : seen;
    ObjectNode page = Json.object();
    ArrayNode items = page.putArray("items");
    for (Activations.Seen decision : shown) {
      ActivationPolicy policy = byId.get(decision.activation().policy());
      items.add(
          RunView.of(decision.activation())
              .put("policy_name", policy == null ? null : policy.name())
              .put("source", decision.source())
              .put("type", decision.type()));
    }
    return page.put("next", seen.size() > limit ? shown.getLast().activation().id().value() : null);
  }
}
