package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Deliveries;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.secrets.Redactor;
import dev.rookery.spend.SpendEntry;
import dev.rookery.streams.JournalJson;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Everything that is known of a run, as one document that makes sense without the server. */
final class ExportRoutes {
  private static final String FORMAT = "rookery.run/1";
  private static final int MOST = 10_000;

  private final Rooms rooms;
  private final RunRoutes runs;
  private final InstantSource clock;

  ExportRoutes(Rooms rooms, InstantSource clock) {
    this.rooms = rooms;
    this.runs = new RunRoutes(rooms);
    this.clock = clock;
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/runs/{id}/export")
        .does("Gives out everything of a run as one document; values of secrets are hidden")
        .allows(Access.VIEWER)
        .answers(200, "RunExport")
        .by(this::export);
  }

  private Reply export(Call call) {
    OrgId org = call.org();
    RunId id = call.id("run", "run", RunId::new);
    JsonNode redacted = redacted(document(org, id), rooms.ground().secrets().redactor(org));
    return new Reply(
        200,
        Reply.JSON,
        Reply.ok(redacted).body(),
        Map.of("Content-Disposition", "attachment; filename=\"" + id + ".json\""));
  }

  private ObjectNode document(OrgId org, RunId id) {
    ObjectNode json =
        Json.object().put("format", FORMAT).put("exported_at", Times.of(clock.instant()));
    Set<String> subjects = new LinkedHashSet<>(List.of(id.value()));
    json.set("run", runs.whole(org, id));
    putEvents(json.putArray("events"), org, id, subjects);
    putApprovals(json.putArray("approvals"), org, id, subjects);
    rooms
        .flow()
        .deliveries()
        .list(org, new Deliveries.Query(null, id, null, null, MOST))
        .forEach(delivery -> subjects.add(delivery.id().value()));
    ArrayNode spending = json.putArray("spend_entries");
    rooms.domain().spend().ofRun(org, id).forEach(entry -> spending.add(view(entry)));
    ArrayNode journal = json.putArray("journal");
    records(org, subjects).forEach(record -> journal.add(JournalJson.of(record)));
    return json;
  }

  private void putEvents(ArrayNode events, OrgId org, RunId id, Set<String> subjects) {
    rooms
        .flow()
        .runs()
        .detail(org, id)
        .events()
        .forEach(
            event -> {
              subjects.add(event.value());
              events.add(EventRoutes.view(rooms.flow().events().find(org, event)));
            });
  }

  private void putApprovals(ArrayNode approvals, OrgId org, RunId id, Set<String> subjects) {
    rooms
        .flow()
        .approvals()
        .list(org, new Approvals.Query(null, id, null, null, MOST))
        .reversed()
        .forEach(
            approval -> {
              subjects.add(approval.id().value());
              approvals.add(ApprovalRoutes.view(approval));
            });
  }

  private List<JournalRecord> records(OrgId org, Set<String> subjects) {
    List<JournalRecord> records = new ArrayList<>();
    subjects.forEach(s -> records.addAll(rooms.ground().journal().about(org, s, MOST)));
    records.sort((a, b) -> Long.compare(a.seq(), b.seq()));
    return records;
  }

  private static ObjectNode view(SpendEntry entry) {
    ObjectNode json =
        Json.object()
            .put("step", entry.key().step())
            .put("kind", entry.kind().name().toLowerCase(Locale.ROOT))
            .put("name", entry.name())
            .put("state", entry.state().label());
    Amounts.put(json, "reserved", entry.cost().reserved());
    Amounts.put(json, "spent", entry.cost().actual());
    return json.put("estimated", entry.cost().estimated())
        .put("input_tokens", entry.cost().usage().input())
        .put("output_tokens", entry.cost().usage().output())
        .put("at", Times.of(entry.at()));
  }

  /** Tools hide secrets from what they answer; what people pasted is hidden here too. */
  private static JsonNode redacted(JsonNode node, Redactor redactor) {
    switch (node) {
      case ObjectNode object ->
          object.properties().forEach(e -> e.setValue(redacted(e.getValue(), redactor)));
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, redacted(array.get(i), redactor));
        }
      }
      case TextNode text -> {
        return TextNode.valueOf(redactor.text(text.textValue()));
      }
      default -> {}
    }
    return node;
  }
}
