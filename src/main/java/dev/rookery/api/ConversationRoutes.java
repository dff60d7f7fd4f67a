package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.Delivery;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Events;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.DeliveryId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.Text;
import dev.rookery.overview.Overview;
import dev.rookery.overview.Resource;
import dev.rookery.overview.Talk;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunHistory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conversations and the places they are in. A key may hold anything; its id is the key in
 * base64url.
 */
final class ConversationRoutes {
  private static final String CONVERSATION = "/api/v1/conversations/{id}";
  private static final int SHOWN_APPROVALS = 100;

  private final Rooms rooms;
  private final Overview overview;
  private final RunHistory history;
  private final Conversations conversations;

  ConversationRoutes(Rooms rooms) {
    this.rooms = rooms;
    this.overview = new Overview(rooms.ground().database());
    this.history = new RunHistory(rooms.ground().database());
    this.conversations = new Conversations(rooms.ground().database());
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/conversations")
        .does("Lists conversations, the one with the newest activity first")
        .allows(Access.VIEWER)
        .query("key", "the one with this key")
        .query("integration", "id; where it is")
        .query("agent", "id or handle; who had a run there")
        .pages("ConversationList")
        .by(this::list);
    enterOne(routes);
    routes
        .get("/api/v1/resources")
        .does("Lists chats, channels and the like that were seen through integrations")
        .allows(Access.VIEWER)
        .query("integration", "id")
        .pages("ResourceList")
        .by(this::resources);
  }

  private void enterOne(Routes routes) {
    routes
        .get(CONVERSATION)
        .does("Shows a conversation with its open approvals")
        .allows(Access.VIEWER)
        .answers(200, "ConversationDetail")
        .by(this::show);
    routes
        .get(CONVERSATION + "/messages")
        .does("Lists what was said in a conversation by people and agents")
        .allows(Access.VIEWER)
        .pages("SaidList")
        .by(this::messages);
    routes
        .get(CONVERSATION + "/runs")
        .does("Lists the runs of a conversation")
        .allows(Access.VIEWER)
        .pages("RunList")
        .by(this::runs);
    enterRest(routes);
  }

  private void enterRest(Routes routes) {
    routes
        .post(CONVERSATION + "/clear")
        .does("Hides what was said so far from agents; nothing is deleted")
        .allows(Access.OPERATOR)
        .answers(200, "Conversation")
        .by(this::clear);
  }

  /** What a path can hold of a key. */
  static String idOf(String key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(key));
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String keyOf(String id) {
    try {
      String key = new String(Base64.getUrlDecoder().decode(id), StandardCharsets.UTF_8);
      return idOf(key).equals(id) ? Text.clean(key) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Talk talk(Call call) {
    String id = call.path("id");
    String key = keyOf(id);
    if (key == null || key.isEmpty()) {
      throw Refusal.notFound("conversation", Text.clean(id));
    }
    return overview.conversation(call.org(), key);
  }

  private static Overview.@Nullable Cursor cursor(Call call) {
    String before = call.query("before");
    if (before == null) {
      return null;
    }
    int dot = before.indexOf('.');
    String key = dot < 1 ? null : keyOf(before.substring(dot + 1));
    if (key == null || !before.substring(0, dot).matches("\\d{1,15}")) {
      throw Refusal.badInput(
          "bad-parameter", "The parameter 'before' must be the `next` of a page before.");
    }
    return new Overview.Cursor(Long.parseLong(before.substring(0, dot)), key);
  }

  private Reply list(Call call) {
    int limit = call.limit();
    String agent = call.query("agent");
    AgentId of = agent == null ? null : rooms.domain().agents().require(call.org(), agent).id();
    Overview.TalkQuery query =
        new Overview.TalkQuery(
            call.query("key"), call.query("integration"), of, cursor(call), limit + 1);
    return Reply.page(
        overview.conversations(call.org(), query),
        limit,
        talk -> talk.lastAt() + "." + idOf(talk.key()),
        ConversationRoutes::view);
  }

  private Reply show(Call call) {
    Talk talk = talk(call);
    ObjectNode json = view(talk);
    ArrayNode approvals = json.putArray("approvals");
    rooms
        .flow()
        .approvals()
        .list(
            call.org(),
            new Approvals.Query(Approval.State.PENDING, null, null, null, SHOWN_APPROVALS))
        .stream()
        .filter(approval -> approval.subject().conversation().equals(talk.key()))
        .forEach(approval -> approvals.add(ApprovalRoutes.view(approval)));
    return Reply.ok(json);
  }

  private Reply runs(Call call) {
    int limit = call.limit();
    List<Run> runs =
        history.ofConversation(call.org(), talk(call).key(), call.before(RunId::new), limit + 1);
    return Reply.page(runs, limit, run -> run.id().value(), RunView::of);
  }

  /** One thing that was said; ids of both kinds begin with the same clock. */
  private record Said(String id, ObjectNode json) {
    String when() {
      return id.substring(id.indexOf('_') + 1);
    }
  }

  private Reply messages(Call call) {
    OrgId org = call.org();
    int limit = call.limit();
    String key = talk(call).key();
    String before = call.query("before");
    if (before != null && !Ids.matches("msg", before)) {
      Ids.check("msg", before);
    }
    String hex = before == null ? null : before.substring("msg_".length());
    List<Said> said = new ArrayList<>();
    rooms
        .flow()
        .events()
        .list(
            org,
            new Events.Query(key, null, hex == null ? null : new EventId("evt_" + hex), limit + 1))
        .forEach(event -> said.add(new Said(event.id().value(), said(event))));
    rooms
        .flow()
        .deliveries()
        .list(
            org,
            new Deliveries.Query(
                null, null, key, hex == null ? null : new DeliveryId("dlv_" + hex), limit + 1))
        .forEach(delivery -> said.add(new Said(delivery.id().value(), said(delivery))));
    said.sort(Comparator.comparing(Said::when).reversed());
    return Reply.page(
        said.subList(0, Math.min(said.size(), limit + 1)),
        limit,
        one -> "msg_" + one.when(),
        Said::json);
  }

  private static ObjectNode said(Event event) {
    return Json.object()
        .put("id", event.id().value())
        .put("from", "person")
        .put("type", event.what().type())
        .put("name", event.what().actor().name())
        .put("text", event.what().content().text())
        .put("state", event.dispatch().state())
        .putNull("run")
        .put("at", Times.of(event.receivedAt()));
  }

  private static ObjectNode said(Delivery delivery) {
    RunId run = delivery.run();
    return Json.object()
        .put("id", delivery.id().value())
        .put("from", "agent")
        .put("type", "message")
        .putNull("name")
        .put("text", delivery.message().markdown())
        .put("state", delivery.progress().state().label())
        .put("run", run == null ? null : run.value())
        .put("at", Times.of(delivery.progress().created()));
  }

  /** As the command {@code /clear}, but without an answer in the conversation. */
  private Reply clear(Call call) {
    OrgId org = call.org();
    Talk talk = talk(call);
    rooms
        .ground()
        .database()
        .write(
            org,
            tx -> {
              conversations.clear(tx, org, talk.key());
              rooms
                  .ground()
                  .journal()
                  .append(
                      tx,
                      org,
                      new JournalEntry(
                          "conversation.cleared",
                          talk.key(),
                          talk.key(),
                          Json.object().put("by", call.by())));
              return talk;
            });
    return Reply.ok(view(overview.conversation(org, talk.key())));
  }

  private Reply resources(Call call) {
    int limit = call.limit();
    Overview.ResourceQuery query =
        new Overview.ResourceQuery(call.query("integration"), cursor(call), limit + 1);
    return Reply.page(
        overview.resources(call.org(), query),
        limit,
        resource -> resource.lastAt() + "." + idOf(resource.id()),
        ConversationRoutes::view);
  }

  private static ObjectNode view(Talk talk) {
    return Json.object()
        .put("id", idOf(talk.key()))
        .put("key", talk.key())
        .put("integration", talk.place().integration())
        .put("channel", talk.place().channel())
        .put("resource", talk.place().resource())
        .put("name", talk.place().name())
        .put("direct", talk.direct())
        .put("open_runs", talk.openRuns())
        .put("created_at", Times.of(talk.createdAt()))
        .put("cleared_at", Times.of(talk.clearedAt()))
        .put("last_activity_at", Times.of(talk.lastAt()));
  }

  private static ObjectNode view(Resource resource) {
    return Json.object()
        .put("id", resource.id())
        .put("integration", resource.integration())
        .put("channel", resource.channel())
        .put("name", resource.name())
        .put("conversations", resource.conversations())
        .put("last_activity_at", Times.of(resource.lastAt()));
  }
}
