package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.delivery.Delivery;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.Models;
import dev.rookery.orgs.Org;
import dev.rookery.runs.RunState;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** How the organization stands, on one page. */
final class StatusRoutes {
  private static final Set<Delivery.State> SHOWN =
      EnumSet.of(Delivery.State.PENDING, Delivery.State.UNKNOWN, Delivery.State.FAILED);

  private final Rooms rooms;
  private final Api.About about;

  StatusRoutes(Rooms rooms, Api.About about) {
    this.rooms = rooms;
    this.about = about;
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/status")
        .does("Shows how the organization and this node stand")
        .allows(Access.VIEWER)
        .answers(200, "Status")
        .by(this::status);
  }

  private Reply status(Call call) {
    OrgId id = call.org();
    Rooms.Ground ground = rooms.ground();
    Org org = ground.orgs().find(id).orElseThrow(() -> Refusal.notFound("org", id.value()));
    ObjectNode json =
        Json.object()
            .put("version", about.version())
            .put("node", about.node().value())
            .put("database", ground.database().describe())
            .put("started_at", Times.of(about.startedAt()))
            .put("sandbox", about.sandbox().get());
    json.putObject("org").put("id", id.value()).put("name", org.name());
    json.set("model", model());
    Map<String, Long> runs = rooms.flow().runs().counts(id);
    ObjectNode runCounts = json.putObject("runs");
    for (RunState state : RunState.values()) {
      runCounts.put(state.label(), runs.getOrDefault(state.label(), 0L));
    }
    json.put("active_runs", rooms.doors().vitals().activeRuns());
    Map<Delivery.State, Long> deliveries = rooms.flow().deliveries().counts(id, SHOWN);
    ObjectNode deliveryCounts = json.putObject("deliveries");
    SHOWN.forEach(state -> deliveryCounts.put(state.label(), deliveries.getOrDefault(state, 0L)));
    json.put("pending_approvals", rooms.flow().approvals().pending(id));
    json.put("dead_letters", rooms.flow().events().deadLetters(id))
        .put("journal_head", ground.journal().head(id));
    var integrations = json.putArray("integrations");
    rooms.domain().integrations().list(id).forEach(i -> integrations.add(view(i)));
    return Reply.ok(json.put("agents", rooms.domain().agents().count(id)));
  }

  private ObjectNode model() {
    Models.Description model = rooms.domain().models().describe();
    return Json.object()
        .put("name", model.model())
        .put("sentence", model.sentence())
        .put("scripted", model.scripted())
        .put("ready", model.ready());
  }

  private static ObjectNode view(Integration integration) {
    return Json.object()
        .put("id", integration.id().value())
        .put("channel", integration.channel())
        .put("name", integration.name())
        .put("enabled", integration.enabled());
  }
}
