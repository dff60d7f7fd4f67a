package dev.rookery.occurrences;

import dev.rookery.kernel.Refusal;
import dev.rookery.occurrences.Occurrence.Ruling;
import dev.rookery.occurrences.Occurrence.Span;
import dev.rookery.occurrences.OccurrenceStore.Entry;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Has past times run that did not. */
final class Backfills {
  private static final int MOST = 100;
  private static final Ruling BACKFILL = new Ruling(Verdict.BACKFILLED, "backfill");
  private final Looks looks;

  Backfills(Looks looks) {
    this.looks = looks;
  }

  List<Occurrence> run(Tx tx, Schedule schedule, Instant from, Instant to) {
    List<Instant> times = times(schedule, from, to, Instant.ofEpochMilli(tx.now()));
    List<Instant> revived = new ArrayList<>();
    List<Occurrence> lines =
        times.isEmpty()
            ? List.of()
            : OccurrenceStore.within(
                tx, schedule.org(), schedule.id(), times.getFirst(), times.getLast());
    for (Occurrence line : lines) {
      if (line.span().count() > 1) {
        split(tx, schedule, line, times);
      }
    }
    for (Instant time : times) {
      if (revive(tx, schedule, time)) {
        revived.add(time);
        looks.note(tx, schedule, new Looks.Decided(Span.of(time), BACKFILL));
      }
    }
    return revived.stream()
        .flatMap(time -> OccurrenceStore.find(tx, schedule.org(), schedule.id(), time).stream())
        .toList();
  }

  private static List<Instant> times(Schedule schedule, Instant from, Instant to, Instant now) {
    if (to.isBefore(from) || to.isAfter(now)) {
      throw Refusal.badInput(
          "bad-range",
          "From %s to %s is no past span of time. Give one that begins before it ends, and ends by %s.",
          from,
          to,
          now);
    }
    Timetable.Expected expected =
        schedule.config().timetable().between(from.minusMillis(1), to, MOST);
    if (expected.count() > MOST) {
      throw Refusal.badInput(
          "too-many-times",
          "There are %d times from %s to %s; at most %d are run at once. Give a shorter span.",
          expected.count(),
          from,
          to,
          MOST);
    }
    return expected.earliest().stream()
        .filter(time -> !time.isAfter(schedule.watermark()))
        .toList();
  }

  /** Takes the times out of a line that stands for many; what it held besides stays. */
  private static void split(Tx tx, Schedule schedule, Occurrence line, List<Instant> times) {
    Span span = line.span();
    List<Instant> inside =
        times.stream()
            .filter(time -> !time.isBefore(span.nominal()) && !time.isAfter(span.last()))
            .toList();
    if (inside.isEmpty() || span.nominal().toEpochMilli() <= schedule.row().since()) {
      return;
    }
    OccurrenceStore.delete(tx, schedule.org(), schedule.id(), span.nominal());
    Timetable timetable = schedule.config().timetable();
    Instant before = timetable.previous(inside.getFirst()).orElse(Instant.MIN);
    Instant after = timetable.next(inside.getLast()).orElse(Instant.MAX);
    rest(tx, schedule, line, span.nominal(), before);
    rest(tx, schedule, line, after, span.last());
    for (Instant time : inside) {
      OccurrenceStore.insert(
          tx, schedule.org(), Entry.of(schedule.id(), Span.of(time), line.ruling()));
    }
  }

  private static void rest(Tx tx, Schedule schedule, Occurrence line, Instant first, Instant last) {
    if (last.isBefore(first)) {
      return;
    }
    long count = schedule.config().timetable().between(first.minusMillis(1), last, 1).count();
    Span span = new Span(first, last, count);
    OccurrenceStore.insert(tx, schedule.org(), Entry.of(schedule.id(), span, line.ruling()));
  }

  /** False when it fired before, or belongs to a stretch of another timetable. */
  private static boolean revive(Tx tx, Schedule schedule, Instant time) {
    List<Occurrence> there = OccurrenceStore.within(tx, schedule.org(), schedule.id(), time, time);
    if (there.isEmpty()) {
      return OccurrenceStore.insert(
          tx,
          schedule.org(),
          new Entry(schedule.id(), Span.of(time), BACKFILL, false, tx.now(), null));
    }
    Occurrence line = there.getFirst();
    boolean never = !line.ruling().verdict().fires() && line.outcome().event() == null;
    if (!never || line.span().count() > 1 || !line.span().nominal().equals(time)) {
      return false;
    }
    OccurrenceStore.revive(tx, schedule.org(), schedule.id(), time);
    return true;
  }
}
