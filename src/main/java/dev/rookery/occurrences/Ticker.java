package dev.rookery.occurrences;

import dev.rookery.activation.Activations;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.occurrences.Occurrence.Ruling;
import dev.rookery.store.Database;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look of a node at the clock: decides on what is due, and fires what waits to. */
final class Ticker {
  private static final Logger log = LoggerFactory.getLogger(Ticker.class);
  private static final int SCAN = 200;
  private static final int TOGETHER = 25;
  private static final int WAITING = 50;
  private static final long AGAIN_MILLIS = 1_000;
  private static final long BROKEN_MILLIS = 30_000;

  private final Database database;
  private final Activations activations;
  private final Looks looks;
  private final Firing firing;
  private final Pace pace = new Pace();

  Ticker(Database database, Activations activations, Looks looks, Firing firing) {
    this.database = database;
    this.activations = activations;
    this.looks = looks;
    this.firing = firing;
  }

  /** True when there may be more to do at once. */
  boolean round() {
    List<ScheduleStore.Due> due = database.readAcrossOrgs(tx -> ScheduleStore.due(tx, SCAN));
    Map<OrgId, List<ScheduleStore.Due>> byOrg = new LinkedHashMap<>();
    due.forEach(one -> byOrg.computeIfAbsent(one.org(), _ -> new ArrayList<>()).add(one));
    byOrg.values().forEach(this::tickAll);
    fireWaiting();
    return due.size() == SCAN;
  }

  private void tickAll(List<ScheduleStore.Due> due) {
    for (int i = 0; i < due.size(); i += TOGETHER) {
      List<ScheduleStore.Due> some = due.subList(i, Math.min(due.size(), i + TOGETHER));
      try {
        database.write(some.getFirst().org(), tx -> tick(tx, some));
      } catch (StorageUnavailable e) {
        throw e;
      } catch (RuntimeException e) {
        log.debug("one of {} schedules cannot be decided on; each is tried alone", some.size(), e);
        some.forEach(this::tickAlone);
      }
    }
  }

  /** A schedule that breaks stands in nobody's way. */
  private void tickAlone(ScheduleStore.Due due) {
    try {
      database.write(due.org(), tx -> tick(tx, List.of(due)));
    } catch (StorageUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      log.error(
          "schedule {} cannot be decided on; it is tried again in {} ms",
          due.policy(),
          BROKEN_MILLIS,
          e);
      database.write(
          due.org(),
          tx -> {
            ScheduleStore.lookAt(tx, due.org(), due.policy(), tx.now() + BROKEN_MILLIS);
            return due;
          });
    }
  }

  private int tick(Tx tx, List<ScheduleStore.Due> due) {
    int looked = 0;
    for (ScheduleStore.Due one : due) {
      ScheduleStore.Row row = ScheduleStore.claim(tx, one.org(), one.policy()).orElse(null);
      if (row != null) {
        looks.look(tx, Schedule.of(row, activations.find(tx, one.org(), one.policy())), false);
        looked++;
      }
    }
    return looked;
  }

  /** What is made up for goes at the pace of the node, whatever schedule it is of. */
  private void fireWaiting() {
    record Waiting(List<ScheduleStore.Due> schedules, int places) {}
    Waiting waiting =
        database.readAcrossOrgs(
            tx -> new Waiting(OccurrenceStore.toFire(tx, WAITING), pace.places(tx.now())));
    int left = waiting.places();
    for (ScheduleStore.Due due : waiting.schedules()) {
      if (left > 0 && database.write(due.org(), tx -> fireNext(tx, due))) {
        pace.take();
        left--;
      }
    }
  }

  private boolean fireNext(Tx tx, ScheduleStore.Due due) {
    OrgId org = due.org();
    ScheduleStore.Row row = ScheduleStore.lock(tx, org, due.policy()).orElse(null);
    Occurrence next = OccurrenceStore.nextToFire(tx, org, due.policy()).orElse(null);
    if (row == null || next == null) {
      return false;
    }
    Schedule schedule = Schedule.of(row, activations.find(tx, org, due.policy()));
    if (!Looks.agentEnabled(tx, schedule)) {
      OccurrenceStore.dropWaiting(
          tx, org, due.policy(), new Ruling(Verdict.PAUSED, "agent-disabled"));
      return false;
    }
    Overlap overlap = schedule.config().overlap();
    if (OverlapRules.inLine(overlap) && OccurrenceStore.anyFiredOpen(tx, org, due.policy())) {
      OccurrenceStore.postpone(tx, org, due.policy(), tx.now() + AGAIN_MILLIS);
      return false;
    }
    Instant nominal = next.span().nominal();
    if (overlap == Overlap.CANCEL_OTHER) {
      firing.cancelFired(tx, schedule, nominal);
    }
    Firing.Shot shot = new Firing.Shot(nominal, next.ruling().verdict(), next.byHand());
    EventId event = firing.fire(tx, schedule, shot);
    OccurrenceStore.fired(tx, org, due.policy(), nominal, event);
    return true;
  }
}
