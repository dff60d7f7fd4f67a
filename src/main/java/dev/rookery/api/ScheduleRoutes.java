package dev.rookery.api;

import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.occurrences.Description;
import dev.rookery.occurrences.Occurrence;
import dev.rookery.occurrences.Occurrences;
import dev.rookery.occurrences.Verdict;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Policies that wake by the clock: what comes, what became of each time, and runs by hand. */
final class ScheduleRoutes {
  static final Set<Trigger> TRIGGERS =
      EnumSet.of(Trigger.INTERVAL, Trigger.CRON, Trigger.DAILY, Trigger.ONCE);
  private static final Shape BACKFILL =
      Shape.of(
          "Backfill",
          required("from", TEXT, "an instant, such as 2027-01-31T08:00:00Z"),
          required("to", TEXT, "an instant that has passed"));

  private final Rooms rooms;
  private final PolicyView policies;

  ScheduleRoutes(Rooms rooms, InstantSource clock) {
    this.rooms = rooms;
    this.policies = new PolicyView(rooms.domain().agents(), clock);
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/schedules")
        .does("Lists the policies that wake by the clock, with what comes and how they fare")
        .allows(Access.VIEWER)
        .answers(200, "ScheduleList")
        .by(this::list);
    routes
        .get(ActivationRoutes.POLICY + "/schedule")
        .does("Shows a schedule: its next ten times, the last ten with their verdicts, counts")
        .allows(Access.VIEWER)
        .answers(200, "ScheduleDetail")
        .by(this::show);
    routes
        .get(ActivationRoutes.POLICY + "/occurrences")
        .does("Lists the times of a schedule and what became of each")
        .allows(Access.VIEWER)
        .query("verdict", "fired, late, skipped_overlap, missed, paused or backfilled")
        .pages("OccurrenceList")
        .by(this::occurrences);
    routes
        .post(ActivationRoutes.POLICY + "/run-now")
        .does("Fires a schedule now; its times stay as they are")
        .allows(Access.OPERATOR)
        .answers(202, "Occurrence")
        .by(call -> Reply.json(202, view(clock().runNow(call.org(), ActivationRoutes.id(call)))));
    routes
        .post(ActivationRoutes.POLICY + "/backfill")
        .does("Runs the times of a span that did not run, at most 100")
        .allows(Access.OPERATOR)
        .takes(BACKFILL)
        .answers(200, "OccurrenceList")
        .by(this::backfill);
  }

  private Occurrences clock() {
    return rooms.waking().occurrences();
  }

  private Reply list(Call call) {
    List<ActivationPolicy> schedules =
        rooms.flow().activations().policies(call.org()).stream()
            .filter(policy -> TRIGGERS.contains(policy.wake().trigger()))
            .toList();
    return Reply.all(
        schedules, policy -> head(policy, clock().describe(policy.org(), policy.id())));
  }

  private ObjectNode head(ActivationPolicy policy, Description schedule) {
    RunId run = schedule.past().lastRunId();
    return policies
        .of(policy)
        .put("words", schedule.words())
        .put("next_run_at", time(schedule.ahead().nextRunAt()))
        .put("last_run_id", run == null ? null : run.value())
        .put("last_run_at", time(schedule.past().lastRunAt()))
        .put("failing", schedule.health().failing())
        .put("failures_in_a_row", schedule.health().failuresInARow());
  }

  private Reply show(Call call) {
    OrgId org = call.org();
    PolicyId id = ActivationRoutes.id(call);
    ActivationPolicy policy = rooms.flow().activations().find(org, id);
    Description schedule = clock().describe(org, id);
    ObjectNode json = head(policy, schedule);
    ArrayNode next = json.putArray("next");
    schedule.ahead().next().forEach(time -> next.add(Times.of(time)));
    ArrayNode notes = json.putArray("notes");
    schedule.ahead().notes().forEach(notes::add);
    ArrayNode last = json.putArray("last");
    schedule.last().forEach(occurrence -> last.add(view(occurrence)));
    ObjectNode counts = json.putObject("counts");
    for (Verdict verdict : Verdict.values()) {
      counts.put(verdict.spelled(), schedule.counts().getOrDefault(verdict, 0L));
    }
    return Reply.ok(json.put("watermark", Times.of(schedule.health().watermark())));
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : Times.of(instant);
  }

  private Reply occurrences(Call call) {
    OrgId org = call.org();
    PolicyId id = rooms.flow().activations().find(org, ActivationRoutes.id(call)).id();
    String verdict = call.query("verdict");
    int limit = call.limit();
    Occurrences.Query query =
        new Occurrences.Query(
            verdict == null ? null : RunRoutes.oneOf("verdict", verdict, Verdict.values()),
            call.before(text -> instant("before", text)),
            limit + 1);
    return Reply.page(
        clock().occurrences(org, id, query),
        limit,
        occurrence -> Times.of(occurrence.span().nominal()),
        ScheduleRoutes::view);
  }

  private Reply backfill(Call call) {
    OrgId org = call.org();
    PolicyId id = rooms.flow().activations().find(org, ActivationRoutes.id(call)).id();
    Fields body = call.body(BACKFILL);
    return Reply.all(
        clock()
            .backfill(org, id, instant("from", body.text("from")), instant("to", body.text("to"))),
        ScheduleRoutes::view);
  }

  private static Instant instant(String field, String text) {
    try {
      return Instant.ofEpochMilli(OffsetDateTime.parse(text).toInstant().toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw Refusal.badInput(
          "bad-value", "'%s' must be an instant such as 2027-01-31T08:00:00Z.", field);
    }
  }

  private static ObjectNode view(Occurrence occurrence) {
    Occurrence.Outcome outcome = occurrence.outcome();
    Occurrence.Result result = outcome.result();
    return Json.object()
        .put("policy", occurrence.policy().value())
        .put("nominal_at", Times.of(occurrence.span().nominal()))
        .put("last_at", Times.of(occurrence.span().last()))
        .put("count", occurrence.span().count())
        .put("verdict", occurrence.ruling().verdict().spelled())
        .put("reason", occurrence.ruling().reason())
        .put("by_hand", occurrence.byHand())
        .put("event", outcome.event() == null ? null : outcome.event().value())
        .put("run", outcome.run() == null ? null : outcome.run().value())
        .put("result", result == null ? null : result.spelled())
        .put("why", outcome.reason())
        .put("decided_at", Times.of(occurrence.decidedAt()));
  }
}
