package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Ingress;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What came in, and what was decided about it. */
final class EventRoutes {
  private static final List<String> DISPATCH = List.of("pending", "dispatched", "dead");

  private final Rooms.Flow flow;

  EventRoutes(Rooms rooms) {
    this.flow = rooms.flow();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/events")
        .does("Lists events")
        .allows(Access.VIEWER)
        .query("conversation", "key of the conversation")
        .query("dispatch", "pending, dispatched or dead")
        .pages("EventList")
        .by(this::list);
    routes
        .get("/api/v1/events/{id}")
        .does("Shows an event with every decision about it")
        .allows(Access.VIEWER)
        .answers(200, "EventDetail")
        .by(this::show);
    routes
        .post("/api/v1/events/{id}/replay")
        .does("Dispatches a dead letter again")
        .allows(Access.OPERATOR)
        .answers(202, "Replayed")
        .by(this::replay);
    routes
        .get("/api/v1/ingress")
        .does("Lists decisions at the door, rejected and repeated deliveries too")
        .allows(Access.VIEWER)
        .pages("IngressList")
        .by(this::ingress);
  }

  private static EventId id(Call call) {
    return call.id("event", "evt", EventId::new);
  }

  private Reply list(Call call) {
    int limit = call.limit();
    String dispatch = call.query("dispatch");
    if (dispatch != null && !DISPATCH.contains(dispatch)) {
      throw Refusal.badInput(
          "bad-parameter",
          "The parameter 'dispatch' cannot be '%s'; it is one of: %s.",
          Text.brief(dispatch, 40),
          String.join(", ", DISPATCH));
    }
    Events.Query query =
        new Events.Query(
            call.query("conversation"), dispatch, call.before(EventId::new), limit + 1);
    List<Event> events = flow.events().list(call.org(), query);
    return Reply.page(events, limit, event -> event.id().value(), EventRoutes::view);
  }

  private Reply show(Call call) {
    OrgId org = call.org();
    Event event = flow.events().find(org, id(call));
    ObjectNode json = view(event);
    var activations = json.putArray("activations");
    flow.activations().ofEvent(org, event.id()).forEach(a -> activations.add(RunView.of(a)));
    var artifacts = json.putArray("artifacts");
    flow.artifacts().ofEvent(org, event.id()).forEach(a -> artifacts.add(RunView.of(a)));
    return Reply.ok(json);
  }

  private Reply replay(Call call) {
    EventId id = id(call);
    flow.events().replay(call.org(), id, call.by());
    return Reply.json(202, Json.object().put("event_id", id.value()).put("dispatch", "pending"));
  }

  private Reply ingress(Call call) {
    int limit = call.limit();
    String before = call.before(EventRoutes::ingressId);
    List<Ingress> entries = flow.events().ingress(call.org(), before, limit + 1);
    return Reply.page(entries, limit, Ingress::id, EventRoutes::view);
  }

  private static String ingressId(String value) {
    Ids.check("ing", value);
    return value;
  }

  static ObjectNode view(Event event) {
    Inbound what = event.what();
    ObjectNode json =
        Json.object()
            .put("id", event.id().value())
            .put("source", what.origin().source())
            .put("type", what.type())
            .put("conversation", what.place().conversationKey());
    json.set("actor", view(what.actor()));
    return json.put("text", what.content().text())
        .put("addressed", what.content().addressed())
        .put("trust", event.trust())
        .put("dedupe_key", what.dedupeKey())
        .put("occurred_at", Times.of(what.occurredAt()))
        .put("received_at", Times.of(event.receivedAt()))
        .put("dispatch", event.dispatch().state())
        .put("dispatch_error", event.dispatch().error());
  }

  private static ObjectNode view(Inbound.Actor actor) {
    return Json.object()
        .put("kind", actor.kind().name().toLowerCase(Locale.ROOT))
        .put("id", actor.id())
        .put("name", actor.name());
  }

  private static ObjectNode view(Ingress ingress) {
    ObjectNode json =
        Json.object()
            .put("id", ingress.id())
            .put("source", ingress.source())
            .put("decision", ingress.decision())
            .put("code", ingress.code())
            .put("why", ingress.why())
            .put("event", value(ingress.event()))
            .put("body_sha256", ingress.bodySha256())
            .put("at", Times.made(ingress.id()));
    json.set("headers", Json.mapper().valueToTree(ingress.headers()));
    return json;
  }

  private static @Nullable String value(@Nullable EventId event) {
    return event == null ? null : event.value();
  }
}
