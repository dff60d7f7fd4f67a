package dev.rookery.occurrences;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.Activations;
import dev.rookery.activation.PolicyKeeper;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbox;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.runs.Runs;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The front door to schedules in motion: the ledger in which every expected time of a schedule has
 * exactly one verdict, and what people do with it (spec 01, Schedules).
 */
public final class Occurrences {
  private static final int MAX_PAGE = 1_000;
  private static final int SHOWN = 10;
  private static final int MAX_SHOWN = 100;

  private final Database database;
  private final Journal journal;
  private final Looks looks;
  private final Firing firing;
  private final Backfills backfills;
  private final Settling settling;
  private final Rooms rooms;
  private final ScheduleKeeper keeper;
  private final List<Runnable> wakers = new CopyOnWriteArrayList<>();

  /** The rooms that the clock stands on. */
  public record Rooms(
      Activations activations,
      Inbox inbox,
      Events events,
      Conversations conversations,
      Runs runs,
      Approvals approvals,
      Outbox outbox) {}

  public Occurrences(Database database, Journal journal, Rooms rooms) {
    this.database = database;
    this.journal = journal;
    this.rooms = rooms;
    this.firing = new Firing(rooms);
    this.looks = new Looks(firing, journal);
    this.backfills = new Backfills(looks);
    this.settling = new Settling(database, journal, rooms);
    this.keeper = new ScheduleKeeper(rooms, looks, this::wake);
  }

  /** Keeps the rows of schedule policies; for {@link Activations#keptBy}. */
  public PolicyKeeper keeper() {
    return keeper;
  }

  /** Starts the clock of this node; it stops when the result is closed. */
  public Clockwork serve() {
    Clockwork clockwork = new Clockwork(ticker(), settling, reconciler());
    wakers.add(clockwork::wake);
    return clockwork;
  }

  /**
   * A clock that looks once each time it is asked, for benches; true when there may be more to do
   * at once.
   */
  public BooleanSupplier byHand() {
    return ticker()::round;
  }

  /** How many schedules are due now, up to a limit: the scan with which each look begins. */
  public int due(int limit) {
    return database.readAcrossOrgs(tx -> ScheduleStore.due(tx, limit)).size();
  }

  /** With a pace of its own, as each node has. */
  Ticker ticker() {
    return new Ticker(database, rooms.activations(), looks, firing);
  }

  Reconciler reconciler() {
    return new Reconciler(database, journal, rooms.activations(), looks);
  }

  Settling settling() {
    return settling;
  }

  private void wake() {
    wakers.forEach(Runnable::run);
  }

  /**
   * Which lines of a ledger, newest first; null means any.
   *
   * @param before only times before this
   */
  public record Query(@Nullable Verdict verdict, @Nullable Instant before, int limit) {
    public Query {
      limit = Math.clamp(limit, 1, MAX_PAGE);
    }
  }

  /**
   * The ledger of a schedule, also of one that was removed; empty when there is none.
   *
   * @return up to {@code limit} lines with their runs and results, newest first
   */
  public List<Occurrence> occurrences(OrgId org, PolicyId policy, Query query) {
    return database.read(org, tx -> OccurrenceStore.list(tx, org, policy, query));
  }

  /**
   * A schedule with its next ten times, its last ten lines and its counts.
   *
   * @throws Refusal {@code policy-not-found}, {@code not-a-schedule}
   */
  public Description describe(OrgId org, PolicyId policy) {
    return database.read(org, tx -> describe(tx, find(tx, org, policy)));
  }

  private Description describe(Tx tx, Schedule schedule) {
    OrgId org = schedule.org();
    PolicyId id = schedule.id();
    Instant now = Instant.ofEpochMilli(tx.now());
    Timetable timetable = schedule.config().timetable();
    Instant mark = schedule.watermark().isAfter(now) ? schedule.watermark() : now;
    List<Instant> next = next(timetable, mark, SHOWN);
    List<String> notes = next.isEmpty() ? List.of() : timetable.notes(now, next.getLast());
    Occurrence last = OccurrenceStore.lastRun(tx, org, id).orElse(null);
    int failures = ResultStore.failuresInARow(tx, org, id, schedule.row().countedFrom());
    return new Description(
        timetable.inWords(),
        new Description.Ahead(next, nextRun(tx, schedule, mark), notes),
        OccurrenceStore.list(tx, org, id, new Query(null, null, SHOWN)),
        OccurrenceStore.counts(tx, org, id),
        new Description.Past(
            last == null ? null : last.outcome().run(),
            last == null ? null : last.span().nominal()),
        new Description.Health(schedule.row().failing(), failures, schedule.watermark()));
  }

  private static @Nullable Instant nextRun(Tx tx, Schedule schedule, Instant mark) {
    Schedule.Off off = schedule.off(Looks.agentEnabled(tx, schedule));
    if (off != null && off.until() == null) {
      return null;
    }
    Instant from =
        off == null || off.until() == null || !off.until().isAfter(mark)
            ? mark
            : off.until().minusMillis(1);
    return schedule.config().timetable().next(from).orElse(null);
  }

  private static List<Instant> next(Timetable timetable, Instant from, int count) {
    List<Instant> times = new ArrayList<>();
    Instant after = from;
    while (times.size() < count && after != null) {
      after = timetable.next(after).orElse(null);
      if (after != null) {
        times.add(after);
      }
    }
    return times;
  }

  /**
   * What settings would do that are not saved.
   *
   * @param config as in a policy, see {@link ScheduleConfig}
   * @param from times after this are shown; an interval without an anchor is counted from it
   * @param count 1 to 100
   * @throws Refusal that names the field, as {@code policies create} would
   */
  public Preview preview(Trigger trigger, JsonNode config, Instant from, int count) {
    Timetable timetable = ScheduleCodec.read(trigger, config, from).timetable();
    List<Instant> times = next(timetable, from, Math.clamp(count, 1, MAX_SHOWN));
    List<String> notes = times.isEmpty() ? List.of() : timetable.notes(from, times.getLast());
    return new Preview(timetable.inWords(), times, notes);
  }

  /**
   * Fires a schedule now, whatever its timetable says; if a run of it is not over, the new one
   * waits in line (unless it allows all). The timetable goes on as it would have.
   *
   * @return the line of the ledger, marked {@code byHand}
   * @throws Refusal {@code policy-not-found}, {@code not-a-schedule}, {@code schedule-off} (409)
   *     when it, or its agent, is disabled or paused
   */
  public Occurrence runNow(OrgId org, PolicyId policy) {
    return database.write(
        org,
        tx -> {
          Schedule schedule = lock(tx, org, policy);
          requireOn(tx, schedule);
          Instant at = free(tx, schedule);
          Firing.Shot shot = new Firing.Shot(at, Verdict.FIRED, true);
          Occurrence.Ruling ruling = new Occurrence.Ruling(Verdict.FIRED, "run-now");
          Occurrence.Span span = Occurrence.Span.of(at);
          var event = firing.fire(tx, schedule, shot);
          OccurrenceStore.insert(
              tx, org, new OccurrenceStore.Entry(policy, span, ruling, true, null, event));
          looks.note(tx, schedule, new Looks.Decided(span, ruling));
          return OccurrenceStore.find(tx, org, policy, at).orElseThrow();
        });
  }

  /** A millisecond that is no time of the timetable, and that no line stands for. */
  private static Instant free(Tx tx, Schedule schedule) {
    Instant at = Instant.ofEpochMilli(tx.now());
    while (OccurrenceStore.find(tx, schedule.org(), schedule.id(), at).isPresent()
        || schedule.config().timetable().next(at.minusMillis(1)).filter(at::equals).isPresent()) {
      at = at.plusMillis(1);
    }
    return at;
  }

  /**
   * Runs the times of [from, to] that did not run: those that were missed, paused or skipped, and
   * those before the schedule was made. What fired never fires again. They run one after another,
   * or at the node's pace if the schedule allows all.
   *
   * @return the lines that are to run now, in order; empty when all had run
   * @throws Refusal {@code policy-not-found}, {@code not-a-schedule}, {@code schedule-off} (409),
   *     {@code bad-range} when it ends before it begins or in the future, {@code too-many-times}
   *     when it holds more than 100
   */
  public List<Occurrence> backfill(OrgId org, PolicyId policy, Instant from, Instant to) {
    return database.write(
        org,
        tx -> {
          Schedule schedule = lock(tx, org, policy);
          requireOn(tx, schedule);
          ScheduleStore.Row row = looks.look(tx, schedule, false);
          tx.afterCommit(this::wake);
          return backfills.run(tx, schedule.at(row), from, to);
        });
  }

  private Schedule find(Tx tx, OrgId org, PolicyId policy) {
    ActivationPolicy found = rooms.activations().find(tx, org, policy);
    return ScheduleStore.find(tx, org, policy)
        .map(row -> Schedule.of(row, found))
        .orElseThrow(() -> notASchedule(policy));
  }

  private Schedule lock(Tx tx, OrgId org, PolicyId policy) {
    ScheduleStore.Row row = ScheduleStore.lock(tx, org, policy).orElse(null);
    ActivationPolicy found = rooms.activations().find(tx, org, policy);
    if (row == null) {
      throw notASchedule(policy);
    }
    return Schedule.of(row, found);
  }

  private static Refusal notASchedule(PolicyId policy) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "not-a-schedule",
        "Policy "
            + policy
            + " has no times: its trigger is none of interval, cron, daily, once. See: rookery"
            + " policies show "
            + policy);
  }

  private static void requireOn(Tx tx, Schedule schedule) {
    Schedule.Off off =
        Looks.agentEnabled(tx, schedule)
            ? ScheduleKeeper.offNow(schedule, tx.now())
            : new Schedule.Off("agent-disabled", null);
    if (off != null) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "schedule-off",
          "Schedule "
              + schedule.id()
              + " does not fire now ("
              + off.reason()
              + "), and nothing was started. Turn it on first: rookery policies resume "
              + schedule.id());
    }
  }
}
