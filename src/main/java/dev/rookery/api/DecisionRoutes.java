package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.activation.Activations;
import dev.rookery.inbox.Event;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import java.util.List;

/** Every decision about an event: why an agent woke, and why it did not. */
final class DecisionRoutes {
  private final Rooms rooms;

  DecisionRoutes(Rooms rooms) {
    this.rooms = rooms;
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/activations")
        .does("Lists decisions about events, the negative ones too")
        .allows(Access.VIEWER)
        .query("agent", "id or handle")
        .query("policy", "id")
        .query("decision", "such as woke, skipped or gated")
        .query("conversation", "key of the conversation")
        .pages("ListedActivationList")
        .by(this::list);
    routes
        .get("/api/v1/activations/{id}")
        .does("Shows a decision")
        .allows(Access.VIEWER)
        .answers(200, "ListedActivation")
        .by(this::show);
  }

  private Reply list(Call call) {
    OrgId org = call.org();
    int limit = call.limit();
    String agent = call.query("agent");
    String policy = call.query("policy");
    AgentId of = agent == null ? null : rooms.domain().agents().require(org, agent).id();
    Activations.Filter filter =
        new Activations.Filter(
            of,
            policy == null ? null : new PolicyId(policy),
            call.query("decision"),
            call.query("conversation"),
            call.before(ActivationId::new),
            limit + 1);
    List<Activations.Seen> seen = rooms.flow().activations().list(org, filter);
    return Reply.page(seen, limit, s -> s.activation().id().value(), DecisionRoutes::view);
  }

  private Reply show(Call call) {
    ActivationId id = call.id("activation", "act", ActivationId::new);
    Activation activation =
        rooms
            .flow()
            .activations()
            .find(call.org(), id)
            .orElseThrow(() -> Refusal.notFound("activation", id.value()));
    Event event = rooms.flow().events().find(call.org(), activation.event());
    return Reply.ok(
        view(
            new Activations.Seen(activation, event.what().origin().source(), event.what().type())));
  }

  private static ObjectNode view(Activations.Seen seen) {
    return RunView.of(seen.activation()).put("source", seen.source()).put("type", seen.type());
  }
}
