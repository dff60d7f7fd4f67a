package dev.rookery.occurrences;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agent;
import dev.rookery.agents.Agents;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.occurrences.Occurrence.Ruling;
import dev.rookery.occurrences.Occurrence.Span;
import dev.rookery.occurrences.OccurrenceStore.Entry;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one schedule whose row is locked: gives every time up to now its verdict, and says when
 * to look again.
 */
final class Looks {
  /** More than this in one look, and the earliest become one line. */
  static final int MAX_LINES = 1_000;

  /** What stays line by line then; more than can be made up for. */
  private static final int LATEST = 200;

  private static final Duration REST = Duration.ofHours(1);

  private final Firing firing;
  private final Journal journal;

  Looks(Firing firing, Journal journal) {
    this.firing = firing;
    this.journal = journal;
  }

  /**
   * Decides on what is due, and keeps the new watermark and the next look.
   *
   * @param all also on a time whose jitter is not over, because its timetable ends here
   */
  ScheduleStore.Row look(Tx tx, Schedule schedule, boolean all) {
    long now = tx.now();
    long mark = schedule.row().watermark();
    Schedule.Off off = schedule.off(agentEnabled(tx, schedule));
    if (off != null && mark < now) {
      long until = off.until() == null ? now : Math.min(now, off.until().toEpochMilli() - 1);
      mark = rest(tx, schedule, new Stretch(mark, until), off.reason());
    }
    if (mark < now) {
      mark = work(tx, schedule, new Stretch(mark, now), all);
    }
    ScheduleStore.Row row = schedule.row().at(mark);
    ScheduleStore.update(tx, schedule.org(), row, next(tx, schedule.at(row)));
    return row;
  }

  static boolean agentEnabled(Tx tx, Schedule schedule) {
    return Agents.find(tx, schedule.org(), schedule.policy().agent())
        .map(Agent::enabled)
        .orElse(false);
  }

  /** When to look at it; null for never. What is off is looked at now and then. */
  @Nullable Long next(Tx tx, Schedule schedule) {
    Instant nominal = schedule.config().timetable().next(schedule.watermark()).orElse(null);
    if (nominal == null) {
      return null;
    }
    long due = schedule.due(nominal).at().toEpochMilli();
    Schedule.Off off = schedule.off(true);
    if (off == null || (off.until() != null && off.until().toEpochMilli() <= tx.now())) {
      return due;
    }
    long rested = tx.now() + REST.toMillis();
    long until = off.until() == null ? rested : Math.min(rested, off.until().toEpochMilli());
    return Math.max(due, until);
  }

  /** Times in (after, to], epoch milliseconds. */
  private record Stretch(long after, long to) {
    Instant from() {
      return Instant.ofEpochMilli(after);
    }

    Instant until() {
      return Instant.ofEpochMilli(to);
    }
  }

  private long rest(Tx tx, Schedule schedule, Stretch stretch, String reason) {
    if (stretch.to() <= stretch.after()) {
      return stretch.after();
    }
    Ruling ruling = new Ruling(Verdict.PAUSED, reason);
    Timetable timetable = schedule.config().timetable();
    Timetable.Expected expected = timetable.between(stretch.from(), stretch.until(), MAX_LINES);
    List<Decided> decided = new ArrayList<>();
    if (expected.count() > MAX_LINES) {
      Instant last = timetable.latest(stretch.from(), stretch.until(), 1).getFirst();
      decided.add(
          new Decided(new Span(expected.earliest().getFirst(), last, expected.count()), ruling));
    } else {
      expected.earliest().forEach(at -> decided.add(new Decided(Span.of(at), ruling)));
    }
    record(tx, schedule, decided);
    return stretch.to();
  }

  private long work(Tx tx, Schedule schedule, Stretch stretch, boolean all) {
    Timetable timetable = schedule.config().timetable();
    Timetable.Expected expected = timetable.between(stretch.from(), stretch.until(), MAX_LINES);
    if (expected.count() == 0) {
      return stretch.to();
    }
    List<Decided> decided = new ArrayList<>();
    List<Instant> times = new ArrayList<>(expected.earliest());
    if (expected.count() > MAX_LINES) {
      times = new ArrayList<>(timetable.latest(stretch.from(), stretch.until(), LATEST));
      Instant last = timetable.previous(times.getFirst()).orElseThrow();
      Span early = new Span(expected.earliest().getFirst(), last, expected.count() - LATEST);
      decided.add(new Decided(early, early(schedule, last, tx.now())));
    }
    Instant last = times.getLast();
    DueRules.Due due = schedule.due(last);
    Instant now = Instant.ofEpochMilli(tx.now());
    boolean waits = !all && now.isBefore(due.at());
    boolean met = !waits && !now.isAfter(due.until());
    if (waits || met) {
      times.removeLast();
    }
    List<Ruling> rulings = CatchUpRules.rule(times, schedule.config().catchUp(), now, met);
    for (int i = 0; i < times.size(); i++) {
      decided.add(new Decided(Span.of(times.get(i)), rulings.get(i)));
    }
    record(tx, schedule, decided);
    if (met) {
      meet(tx, schedule, last);
    }
    return waits ? Math.max(stretch.after(), last.toEpochMilli() - 1) : stretch.to();
  }

  /** What is too early to be among those that can be made up for. */
  private static Ruling early(Schedule schedule, Instant last, long now) {
    return CatchUpRules.rule(
            List.of(last),
            new ScheduleConfig.CatchUp(
                schedule.config().catchUp().missed(), 0, schedule.config().catchUp().window()),
            Instant.ofEpochMilli(now),
            true)
        .getFirst();
  }

  /** Fires in time, or is skipped. */
  private void meet(Tx tx, Schedule schedule, Instant nominal) {
    Overlap overlap = schedule.config().overlap();
    long open = OccurrenceStore.open(tx, schedule.org(), schedule.id());
    Ruling ruling = OverlapRules.rule(overlap, open);
    if (ruling.verdict() == Verdict.FIRED
        && OccurrenceStore.find(tx, schedule.org(), schedule.id(), nominal).isEmpty()) {
      if (overlap == Overlap.CANCEL_OTHER && open > 0) {
        firing.cancelOthers(tx, schedule, nominal);
      }
      EventId event = firing.fire(tx, schedule, new Firing.Shot(nominal, Verdict.FIRED, false));
      OccurrenceStore.insert(
          tx,
          schedule.org(),
          new Entry(schedule.id(), Span.of(nominal), ruling, false, null, event));
      note(tx, schedule, new Decided(Span.of(nominal), ruling));
    } else {
      record(tx, schedule, List.of(new Decided(Span.of(nominal), ruling)));
    }
  }

  /** A verdict for one time, or for a stretch of them. */
  record Decided(Span span, Ruling ruling) {
    /** One entry of the journal for neighbours of one mind. */
    Decided and(Decided next) {
      return new Decided(
          new Span(span.nominal(), next.span().last(), span.count() + next.span().count()), ruling);
    }
  }

  /** Stores verdicts; what is late is to fire from now on, at the node's pace. */
  void record(Tx tx, Schedule schedule, List<Decided> decided) {
    List<Entry> entries =
        decided.stream()
            .map(
                one ->
                    new Entry(
                        schedule.id(),
                        one.span(),
                        one.ruling(),
                        false,
                        one.ruling().verdict().fires() ? tx.now() : null,
                        null))
            .toList();
    List<Boolean> fresh = OccurrenceStore.insertAll(tx, schedule.org(), entries);
    Decided run = null;
    for (int i = 0; i < decided.size(); i++) {
      Decided one = decided.get(i);
      if (!fresh.get(i)) {
        continue;
      }
      if (run != null && !run.ruling().equals(one.ruling())) {
        note(tx, schedule, run);
        run = null;
      }
      run = run == null ? one : run.and(one);
    }
    if (run != null) {
      note(tx, schedule, run);
    }
  }

  void note(Tx tx, Schedule schedule, Decided decided) {
    Span span = decided.span();
    ObjectNode data =
        Json.object()
            .put("nominal", span.nominal().toString())
            .put("verdict", decided.ruling().verdict().spelled())
            .put("reason", decided.ruling().reason());
    if (span.count() > 1) {
      data.put("last", span.last().toString()).put("count", span.count());
    }
    journal.append(
        tx,
        schedule.org(),
        new JournalEntry("occurrence.decided", schedule.id().value(), null, data));
  }
}
