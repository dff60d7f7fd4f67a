package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.Delivery;
import dev.rookery.kernel.DeliveryId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import java.util.List;
import java.util.Locale;

/** What was said, and whether it arrived. */
final class DeliveryRoutes {
  private final Deliveries deliveries;

  DeliveryRoutes(Rooms rooms) {
    this.deliveries = rooms.flow().deliveries();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/deliveries")
        .does("Lists messages of the outbox")
        .allows(Access.VIEWER)
        .query("state", "pending, sending, sent, failed, unknown or cancelled")
        .query("run", "id of a run")
        .query("conversation", "key of the conversation")
        .pages("DeliveryList")
        .by(this::list);
    routes
        .post("/api/v1/deliveries/{id}/resolution")
        .does("Says what became of a message whose outcome is unknown")
        .allows(Access.OPERATOR)
        .takes(RunRoutes.RESOLUTION)
        .answers(200, "Resolved")
        .by(this::resolve);
  }

  private Reply list(Call call) {
    int limit = call.limit();
    String state = call.query("state");
    String run = call.query("run");
    Deliveries.Query query =
        new Deliveries.Query(
            state == null ? null : RunRoutes.oneOf("state", state, Delivery.State.values()),
            run == null ? null : new RunId(run),
            call.query("conversation"),
            call.before(DeliveryId::new),
            limit + 1);
    List<Delivery> found = deliveries.list(call.org(), query);
    return Reply.page(found, limit, delivery -> delivery.id().value(), DeliveryRoutes::view);
  }

  private Reply resolve(Call call) {
    String as = call.body(RunRoutes.RESOLUTION).text("as");
    DeliveryId id = call.id("delivery", "dlv", DeliveryId::new);
    Deliveries.Resolution resolution = Deliveries.Resolution.valueOf(as.toUpperCase(Locale.ROOT));
    deliveries.resolve(call.org(), id, resolution, call.by());
    return Reply.ok(Json.object().put("result", as));
  }

  static ObjectNode view(Delivery delivery) {
    Delivery.Progress progress = delivery.progress();
    return Json.object()
        .put("id", delivery.id().value())
        .put("conversation", delivery.conversation())
        .put("run", delivery.run() == null ? null : delivery.run().value())
        .put("state", progress.state().label())
        .put("attempts", progress.attempts())
        .put("remote_id", progress.remoteId())
        .put("error", progress.error())
        .put("text", delivery.message().markdown())
        .put("created_at", Times.of(progress.created()))
        .put("finished_at", Times.of(progress.finished()));
  }
}
