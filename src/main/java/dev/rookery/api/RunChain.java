package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.Activations;
import dev.rookery.agents.Agent;
import dev.rookery.approvals.Approval;
import dev.rookery.delivery.Deliveries;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.Text;
import dev.rookery.runs.Runs;
import dev.rookery.runs.Step;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One run as a chain: event → policy → gate → rules → run → steps → what left. */
final class RunChain {
  private static final int TEXT = 300;
  private static final int MAX_DELIVERIES = 200;
  private static final Pattern VERDICT = Pattern.compile("(allow|ask|deny)(?:: (.*))?", 32);

  private final Rooms rooms;

  RunChain(Rooms rooms) {
    this.rooms = rooms;
  }

  /**
   * @throws Refusal {@code run-not-found}
   */
  ObjectNode of(OrgId org, RunId id) {
    Runs.Detail detail = rooms.flow().runs().detail(org, id);
    ObjectNode json = Json.object();
    json.set("run", RunView.of(detail.run()));
    json.put(
            "agent_handle",
            rooms.domain().agents().find(org, detail.run().agent()).map(Agent::handle).orElse(null))
        .put("attended", detail.run().origin().attended());
    ArrayNode events = json.putArray("events");
    detail.events().forEach(event -> events.add(event(org, event, id)));
    ArrayNode steps = json.putArray("steps");
    detail.steps().forEach(step -> steps.add(step(org, step)));
    ArrayNode deliveries = json.putArray("deliveries");
    rooms
        .flow()
        .deliveries()
        .list(org, new Deliveries.Query(null, id, null, null, MAX_DELIVERIES))
        .forEach(delivery -> deliveries.add(DeliveryRoutes.view(delivery)));
    ArrayNode artifacts = json.putArray("artifacts");
    rooms.flow().artifacts().ofRun(org, id).forEach(a -> artifacts.add(RunView.of(a)));
    return json;
  }

  private ObjectNode event(OrgId org, EventId id, RunId run) {
    Event event = rooms.flow().events().find(org, id);
    Inbound what = event.what();
    ObjectNode json =
        Json.object()
            .put("id", id.value())
            .put("source", what.origin().source())
            .put("type", what.type())
            .put("actor", what.actor().name())
            .put("actor_kind", what.actor().kind().name().toLowerCase(Locale.ROOT))
            .put("trust", event.trust())
            .put("text", Text.brief(what.content().text(), TEXT))
            .put("received_at", Times.of(event.receivedAt()));
    ArrayNode decisions = json.putArray("decisions");
    for (Activation activation : rooms.flow().activations().ofEvent(org, id)) {
      decisions.add(decision(org, activation, run));
    }
    return json;
  }

  private ObjectNode decision(OrgId org, Activation activation, RunId run) {
    ActivationPolicy policy = policy(org, activation.policy());
    return RunView.of(activation)
        .put("policy_name", policy == null ? null : policy.name())
        .put("trigger", policy == null ? null : policy.wake().trigger().spelled())
        .put("gate", policy == null ? null : policy.wake().gate().spelled())
        .put("this_run", run.equals(activation.run()));
  }

  /** Null when it was removed since. */
  private @Nullable ActivationPolicy policy(OrgId org, PolicyId id) {
    Activations activations = rooms.flow().activations();
    try {
      return activations.find(org, id);
    } catch (Refusal removed) {
      return null;
    }
  }

  private ObjectNode step(OrgId org, Runs.SeenStep seen) {
    Step step = seen.step();
    String verdict = seen.verdict();
    Matcher parts = VERDICT.matcher(verdict == null ? "" : verdict);
    boolean judged = parts.matches();
    String by = judged ? parts.group(2) : null;
    String approval = by == null ? "" : by.replaceFirst(" .*", "");
    boolean asked = Ids.matches("apr", approval);
    ObjectNode json =
        Json.object()
            .put("seq", step.seq())
            .put("kind", step.kind().label())
            .put("name", step.name())
            .put("state", step.state().label())
            .put("effect_class", step.effect().name().toLowerCase(Locale.ROOT))
            .put("verdict", judged ? parts.group(1) : null)
            .put("rule", asked ? null : by);
    json.set("approval", asked ? approval(org, new ApprovalId(approval)) : null);
    return json.put("failed", step.body().failed())
        .put("detail", seen.detail())
        .put("started_at", Times.of(seen.started()))
        .put("finished_at", Times.of(seen.finished()));
  }

  private ObjectNode approval(OrgId org, ApprovalId id) {
    Approval approval = rooms.flow().approvals().find(org, id);
    Approval.Decision decision = approval.decision();
    return Json.object()
        .put("id", id.value())
        .put("state", approval.state().label())
        .put("rule", approval.asked().rule())
        .put("why", approval.asked().why())
        .put("by", decision == null ? null : decision.by())
        .put("at", decision == null ? null : Times.of(decision.at()));
  }
}
