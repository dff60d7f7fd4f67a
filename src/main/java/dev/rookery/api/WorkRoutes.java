package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.overview.Overview;
import dev.rookery.overview.WorkItem;
import dev.rookery.spend.Money;
import java.util.List;
import java.util.function.Function;

/** What was asked of agents, each with all runs that try to answer it. */
final class WorkRoutes {
  private static final String PREFIX = "wrk_";

  private final Rooms rooms;
  private final Overview overview;

  WorkRoutes(Rooms rooms) {
    this.rooms = rooms;
    this.overview = new Overview(rooms.ground().database());
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/work-items")
        .does("Lists what was asked of agents, newest first")
        .allows(Access.VIEWER)
        .query("state", "open, waiting, done, failed or cancelled")
        .query("agent", "id or handle")
        .query("conversation", "key of the conversation")
        .pages("WorkItemList")
        .by(this::list);
    routes
        .get("/api/v1/work-items/{id}")
        .does("Shows what was asked, with all its runs")
        .allows(Access.VIEWER)
        .answers(200, "WorkItemDetail")
        .by(this::show);
  }

  /** Its first run, by another name. */
  private static RunId run(String id) {
    return new RunId("run_" + id.substring(PREFIX.length()));
  }

  private static String id(WorkItem item) {
    return PREFIX + item.first().value().substring("run_".length());
  }

  private Reply list(Call call) {
    OrgId org = call.org();
    int limit = call.limit();
    String agent = call.query("agent");
    String state = call.query("state");
    AgentId of = agent == null ? null : rooms.domain().agents().require(org, agent).id();
    Overview.WorkQuery query =
        new Overview.WorkQuery(
            state == null ? null : RunRoutes.oneOf("state", state, WorkItem.State.values()),
            of,
            call.query("conversation"),
            call.before(WorkRoutes::checked),
            limit + 1);
    return Reply.page(overview.workItems(org, query), limit, WorkRoutes::id, WorkRoutes::view);
  }

  private static RunId checked(String id) {
    Ids.check("wrk", id);
    return run(id);
  }

  private Reply show(Call call) {
    OrgId org = call.org();
    RunId first = call.id("work-item", "wrk", WorkRoutes::run);
    WorkItem item =
        overview
            .workItem(org, first)
            .orElseThrow(() -> Refusal.notFound("work-item", call.path("id")));
    ObjectNode json = view(item);
    ArrayNode runs = json.putArray("runs");
    List<RunId> ids = overview.runs(org, first);
    Function<RunId, ObjectNode> show = id -> RunView.of(rooms.flow().runs().find(org, id));
    ids.forEach(id -> runs.add(show.apply(id)));
    return Reply.ok(json);
  }

  private static ObjectNode view(WorkItem item) {
    ObjectNode json =
        Json.object()
            .put("id", id(item))
            .put("state", item.standing().state().label())
            .put("title", item.asked().title())
            .put("asked_by", item.asked().by())
            .put("event", item.asked().event())
            .put("agent", item.agent().value())
            .put("conversation", item.place().conversation())
            .put("place", item.place().name())
            .put("integration", item.place().integration())
            .put("first_run", item.first().value())
            .put("last_run", item.last().value())
            .put("run_count", item.standing().runs())
            .put("outcome", item.standing().outcome())
            .put("asked_at", Times.of(item.standing().asked()))
            .put("ended_at", Times.of(item.standing().ended()));
    Amounts.put(json, "cost", new Money(item.costMicros()));
    return json;
  }
}
