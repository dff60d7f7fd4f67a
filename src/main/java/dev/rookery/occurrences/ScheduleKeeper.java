package dev.rookery.occurrences;

import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Gate;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.PolicyKeeper;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.occurrences.Occurrence.Ruling;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.Tx;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in every change of a schedule policy: what was due until the change is decided by what
 * it said before, what comes later by what it says now.
 */
final class ScheduleKeeper implements PolicyKeeper {
  static final Set<Trigger> TRIGGERS =
      Set.of(Trigger.INTERVAL, Trigger.CRON, Trigger.DAILY, Trigger.ONCE);
  private final Occurrences.Rooms rooms;
  private final Looks looks;
  private final Runnable wake;

  ScheduleKeeper(Occurrences.Rooms rooms, Looks looks, Runnable wake) {
    this.rooms = rooms;
    this.looks = looks;
    this.wake = wake;
  }

  @Override
  public Set<Trigger> triggers() {
    return TRIGGERS;
  }

  @Override
  public void saved(Tx tx, @Nullable ActivationPolicy before, ActivationPolicy policy) {
    OrgId org = policy.org();
    ScheduleStore.Row row = ScheduleStore.lock(tx, org, policy.id()).orElse(null);
    if (before == null || row == null) {
      ScheduleStore.Row fresh = ScheduleStore.Row.fresh(org, policy.id(), tx.now());
      Schedule schedule = Schedule.of(fresh, policy);
      check(tx, schedule, true);
      ScheduleStore.insert(tx, org, fresh, looks.next(tx, schedule));
    } else {
      change(tx, Schedule.of(row, before), Schedule.of(row, policy));
    }
    tx.afterCommit(wake);
  }

  private void change(Tx tx, Schedule before, Schedule after) {
    boolean otherTimes = !before.config().sameTimes(after.config());
    check(tx, after, otherTimes);
    ScheduleStore.Row row = looks.look(tx, before, otherTimes);
    if (otherTimes) {
      drop(tx, after, new Ruling(Verdict.MISSED, "times-changed"));
      row = row.from(Math.max(row.watermark(), tx.now()));
    }
    Schedule.Off off = offNow(after, tx.now());
    if (off != null) {
      drop(tx, after, new Ruling(Verdict.PAUSED, off.reason()));
    } else if (offNow(before, tx.now()) != null) {
      long settled = ResultStore.lastSettled(tx, after.org(), after.id());
      row = row.countingFrom(Math.max(tx.now(), settled + 1));
    }
    ScheduleStore.update(tx, after.org(), row, looks.next(tx, after.at(row)));
  }

  private static void drop(Tx tx, Schedule schedule, Ruling ruling) {
    OccurrenceStore.dropWaiting(tx, schedule.org(), schedule.id(), ruling);
  }

  static Schedule.@Nullable Off offNow(Schedule schedule, long now) {
    Schedule.Off off = schedule.off(true);
    Pause pause = schedule.policy().standing().pauseAt(Instant.ofEpochMilli(now));
    boolean over = off != null && off.reason().equals("paused") && pause == null;
    return over ? null : off;
  }

  private void check(Tx tx, Schedule schedule, boolean otherTimes) {
    String to = schedule.config().to();
    if (to != null && rooms.conversations().find(tx, schedule.org(), to).isEmpty()) {
      throw Refusal.badInput(
          "conversation-not-found",
          "At /config/to: there is no conversation '%s'. Leave it out to let the schedule have one of"
              + " its own.",
          to);
    }
    if (schedule.policy().wake().gate() != Gate.NONE) {
      throw Refusal.badInput("bad-policy", "At /gate: a schedule has no gate. Allowed: none.");
    }
    if (otherTimes
        && schedule.config().timetable() instanceof Timetable.Once(var at)
        && at.toEpochMilli() <= tx.now()) {
      throw Refusal.badInput(
          "bad-time", "At /config/once: %s has passed. Give a time that is to come.", at);
    }
  }

  @Override
  public void removed(Tx tx, OrgId org, PolicyId policy) {
    if (ScheduleStore.lock(tx, org, policy).isEmpty()) {
      return;
    }
    OccurrenceStore.dropWaiting(tx, org, policy, new Ruling(Verdict.MISSED, "policy-removed"));
    ScheduleStore.delete(tx, org, policy);
  }
}
