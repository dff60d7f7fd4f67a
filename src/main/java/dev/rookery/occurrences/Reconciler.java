package dev.rookery.occurrences;

import dev.rookery.activation.Activations;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.occurrences.Occurrence.Ruling;
import dev.rookery.occurrences.Occurrence.Span;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves the ledger: counts the times that each timetable expects against those that have a
 * verdict. What is missing, though nothing should be, is given one and told.
 */
final class Reconciler {
  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
  private static final int PAGE = 200;

  private final Database database;
  private final Activations activations;
  private final Looks looks;
  private final Journal journal;
  private boolean started;

  Reconciler(Database database, Journal journal, Activations activations, Looks looks) {
    this.database = database;
    this.journal = journal;
    this.activations = activations;
    this.looks = looks;
  }

  /** At the start, times ahead are computed anew: the zone database may have changed. */
  void round() {
    if (!started) {
      pages(ScheduleStore::all, this::lookAhead);
      started = true;
    }
    pages(ScheduleStore::unreconciled, this::reconcile);
  }

  private interface Page {
    List<ScheduleStore.Due> after(Tx tx, String policy, int limit);
  }

  private interface Step {
    void take(Tx tx, ScheduleStore.Row row);
  }

  private void pages(Page page, Step step) {
    String after = "";
    List<ScheduleStore.Due> some;
    do {
      String last = after;
      some = database.readAcrossOrgs(tx -> page.after(tx, last, PAGE));
      Map<OrgId, List<ScheduleStore.Due>> byOrg =
          some.stream().collect(Collectors.groupingBy(ScheduleStore.Due::org));
      byOrg.forEach(
          (org, dues) ->
              database.write(
                  org,
                  tx -> {
                    dues.forEach(
                        due ->
                            ScheduleStore.lock(tx, org, due.policy())
                                .ifPresent(row -> step.take(tx, row)));
                    return dues.size();
                  }));
      after = some.isEmpty() ? after : some.getLast().policy().value();
    } while (some.size() == PAGE);
  }

  private Schedule schedule(Tx tx, ScheduleStore.Row row) {
    return Schedule.of(row, activations.find(tx, row.org(), row.policy()));
  }

  private void lookAhead(Tx tx, ScheduleStore.Row row) {
    ScheduleStore.lookAt(tx, row.org(), row.policy(), looks.next(tx, schedule(tx, row)));
  }

  private void reconcile(Tx tx, ScheduleStore.Row row) {
    Schedule schedule = schedule(tx, row);
    Instant from = Instant.ofEpochMilli(row.reconciledTo());
    long expected = schedule.config().timetable().between(from, schedule.watermark(), 1).count();
    long accounted =
        OccurrenceStore.accounted(tx, row.org(), row.policy(), row.reconciledTo(), row.watermark());
    if (accounted < expected) {
      repair(tx, schedule, from);
    }
    ScheduleStore.reconciled(tx, row.org(), row.policy(), row.watermark());
  }

  private void repair(Tx tx, Schedule schedule, Instant from) {
    List<Instant> missing = missing(tx, schedule, from);
    Ruling ruling = new Ruling(Verdict.MISSED, "reconciled");
    looks.record(
        tx,
        schedule,
        missing.stream().map(time -> new Looks.Decided(Span.of(time), ruling)).toList());
    log.error(
        "schedule {} had {} times without a verdict since {}; they are put down as missed",
        schedule.id(),
        missing.size(),
        from);
    journal.append(
        tx,
        schedule.org(),
        new JournalEntry(
            "schedule.reconciled",
            schedule.id().value(),
            null,
            Json.object().put("missing", missing.size()).put("since", from.toString())));
  }

  /** Both are in order, so one pass is enough. */
  private static List<Instant> missing(Tx tx, Schedule schedule, Instant from) {
    Instant to = schedule.watermark();
    Iterator<Occurrence> lines =
        OccurrenceStore.within(tx, schedule.org(), schedule.id(), from, to).stream()
            .filter(line -> !line.byHand())
            .iterator();
    Timetable timetable = schedule.config().timetable();
    List<Instant> missing = new ArrayList<>();
    Occurrence line = lines.hasNext() ? lines.next() : null;
    Instant time = timetable.next(from).orElse(null);
    while (time != null && !time.isAfter(to)) {
      while (line != null && line.span().last().isBefore(time)) {
        line = lines.hasNext() ? lines.next() : null;
      }
      if (line == null || line.span().nominal().isAfter(time)) {
        missing.add(time);
      }
      time = timetable.next(time).orElse(null);
    }
    return missing;
  }
}
