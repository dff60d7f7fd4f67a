package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.audit.Audit;
import dev.rookery.audit.AuditChain;
import dev.rookery.audit.AuditRecord;
import dev.rookery.audit.Verification;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who changed what, and whether anybody changed that record since. */
final class AuditRoutes {
  private final Audit audit;

  AuditRoutes(Rooms rooms) {
    this.audit = rooms.ground().audit();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/audit")
        .does("Lists audit records, newest first")
        .allows(Access.ADMIN)
        .query("actor", "id, name or kind of who did it")
        .query("action", "how the action begins, such as policy.")
        .query("subject", "id of what it was done to")
        .query("from", "not before this time, ISO-8601")
        .query("to", "before this time, ISO-8601")
        .pages("AuditList")
        .by(this::list);
    routes
        .get("/api/v1/audit/verification")
        .does("Walks the chain and says whether it is whole, or the first record that is wrong")
        .allows(Access.ADMIN)
        .query("seq", "number of a record whose hash was noted elsewhere")
        .query("hash", "that hash")
        .answers(200, "AuditVerification")
        .by(this::verify);
    routes
        .get("/api/v1/audit/export")
        .does("Reads audit records as they were hashed, oldest first")
        .allows(Access.ADMIN)
        .query("after", "number of the last record that was read; 0 if not given")
        .query("limit", "at most so many records, 1 to 200; 50 if not given")
        .answers(200, "AuditExport")
        .by(this::export);
    routes
        .get("/api/v1/audit/{seq}")
        .does("Shows one audit record")
        .allows(Access.ADMIN)
        .answers(200, "AuditRecord")
        .by(call -> Reply.ok(view(audit.find(call.org(), seq(call.path("seq"))))));
  }

  private Reply list(Call call) {
    Audit.Filter filter =
        new Audit.Filter(
            call.query("actor"),
            call.query("action"),
            call.query("subject"),
            time(call, "from"),
            time(call, "to"));
    Long before = call.before(AuditRoutes::cursor);
    int limit = call.limit();
    List<AuditRecord> found = audit.list(call.org(), filter, new Audit.Page(before, limit + 1));
    return Reply.page(found, limit, record -> Long.toString(record.seq()), AuditRoutes::view);
  }

  private static @Nullable Instant time(Call call, String name) {
    String text = call.query(name);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Refusal.badInput(
          "bad-parameter", "The parameter '%s' must be a time such as 2027-01-31T09:00:00Z.", name);
    }
  }

  private static Long cursor(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw Refusal.badInput(
          "bad-parameter", "The parameter 'before' must be the number of a record.");
    }
  }

  /** What is no number is the number of no record. */
  private static long seq(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Refusal(
          Refusal.Kind.NOT_FOUND,
          "audit-record-not-found",
          "There is no audit record '" + Text.brief(Text.clean(text), 40) + "'.");
    }
  }

  private Reply verify(Call call) {
    String hash = call.query("hash");
    if ((hash == null) != (call.query("seq") == null)) {
      throw Refusal.badInput("bad-parameter", "Give both 'seq' and 'hash', or none of them.");
    }
    long seq = call.number("seq", 0, 1, Long.MAX_VALUE);
    Verification found =
        audit.verify(call.org(), hash == null ? null : new Audit.Anchor(seq, hash));
    return Reply.ok(
        switch (found) {
          case Verification.Whole whole ->
              Json.object().put("ok", true).put("seq", whole.seq()).put("hash", whole.hash());
          case Verification.Broken broken ->
              Json.object()
                  .put("ok", false)
                  .put("seq", broken.seq())
                  .put("flaw", broken.flaw().spelled())
                  .put("problem", broken.sentence());
        });
  }

  private Reply export(Call call) {
    long after = call.number("after", 0, 0, Long.MAX_VALUE);
    List<AuditRecord> records = audit.after(call.org(), after, call.limit());
    ObjectNode json = Json.object();
    var items = json.putArray("items");
    records.forEach(record -> items.add(AuditChain.exported(record)));
    return Reply.ok(json.put("next_after", records.isEmpty() ? after : records.getLast().seq()));
  }

  private static ObjectNode view(AuditRecord record) {
    ObjectNode json =
        Json.object()
            .put("id", Long.toString(record.seq()))
            .put("seq", record.seq())
            .put("at", Times.of(record.at()));
    json.putObject("actor")
        .put("kind", record.who().kind())
        .put("id", record.who().id())
        .put("name", record.who().name());
    json.put("action", record.action()).put("subject", record.subject());
    json.set("data", Json.parse(record.data()));
    return json.put("prev_hash", record.link().previous()).put("hash", record.link().hash());
  }
}
