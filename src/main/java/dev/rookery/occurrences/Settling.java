package dev.rookery.occurrences;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Conversation;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import dev.rookery.occurrences.Occurrence.Result;
import dev.rookery.occurrences.ResultStore.Ended;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how the runs of occurrences ended. A schedule that fails says so once, and once when
 * it works again; after so many failures in a row it is paused.
 */
final class Settling {
  private static final int BATCH = 200;
  private static final int MAX_CAUSE = 500;

  /** Decisions that mean: it would have run but for something that is wrong. */
  private static final Set<String> WRONG = Set.of("denied", "error", "no_capacity");

  private final Database database;
  private final Journal journal;
  private final Occurrences.Rooms rooms;

  Settling(Database database, Journal journal, Occurrences.Rooms rooms) {
    this.database = database;
    this.journal = journal;
    this.rooms = rooms;
  }

  /** True when there may be more. */
  boolean round() {
    List<Ended> ended = database.readAcrossOrgs(tx -> ResultStore.ended(tx, BATCH));
    for (Ended one : ended) {
      database.write(one.org(), tx -> settle(tx, one));
    }
    return ended.size() == BATCH;
  }

  private boolean settle(Tx tx, Ended ended) {
    ScheduleStore.Row row = ScheduleStore.lock(tx, ended.org(), ended.policy()).orElse(null);
    Result result = result(ended);
    if (!ResultStore.settle(tx, ended.org(), ended, result) || row == null) {
      return false;
    }
    OccurrenceStore.postpone(tx, ended.org(), ended.policy(), tx.now());
    ActivationPolicy policy = rooms.activations().find(tx, ended.org(), ended.policy());
    Schedule schedule = Schedule.of(row, policy);
    int inARow = ResultStore.failuresInARow(tx, ended.org(), ended.policy(), row.countedFrom());
    boolean pauses =
        FailureRules.pauses(result, inARow, schedule.config().pauseAfterFailures())
            && ScheduleKeeper.offNow(schedule, tx.now()) == null;
    switch (FailureRules.news(result, row.failing())) {
      case NONE -> {
        if (pauses) {
          tell(tx, schedule, ended, "paused", paused(inARow, ended));
        }
      }
      case FAILING -> {
        ScheduleStore.setFailing(tx, ended.org(), ended.policy(), true);
        note(tx, schedule, ended, "schedule.failing");
        String more = pauses ? "\n\n" + paused(inARow, ended) : "";
        tell(tx, schedule, ended, "failing", failing(schedule, ended) + more);
      }
      case RECOVERED -> {
        ScheduleStore.setFailing(tx, ended.org(), ended.policy(), false);
        note(tx, schedule, ended, "schedule.recovered");
        String text = "The schedule **" + policy.name() + "** works again.";
        tell(tx, schedule, ended, "recovered", text);
      }
    }
    if (pauses) {
      pause(tx, ended, inARow);
    }
    return true;
  }

  private static Result result(Ended ended) {
    if (ended.dispatch().equals("dead")) {
      return Result.FAILED;
    }
    String state = ended.state();
    if (state == null) {
      String decision = ended.decision();
      return decision != null && WRONG.contains(decision) ? Result.FAILED : Result.NOT_RUN;
    }
    return Result.of(state);
  }

  private void pause(Tx tx, Ended ended, int inARow) {
    String reason =
        inARow + " failed runs in a row, the last one: " + Text.brief(cause(ended), MAX_CAUSE / 2);
    rooms
        .activations()
        .change(
            tx,
            ended.org(),
            ended.policy(),
            policy ->
                policy.with(new Standing(policy.standing().enabled(), new Pause(null, reason))));
  }

  private static String cause(Ended ended) {
    return Text.brief(ended.why() == null ? "no cause is known" : ended.why(), MAX_CAUSE);
  }

  private static String failing(Schedule schedule, Ended ended) {
    String look =
        ended.run() == null
            ? "`rookery agents why " + schedule.policy().agent() + "`"
            : "`rookery runs show " + ended.run() + "`";
    return "The schedule **%s** fails. Its time %s did not succeed: %s\n\nLook at it with %s; when the cause is gone, try it with `rookery schedules run-now %s`. I say this once, and tell you when it works again."
        .formatted(schedule.policy().name(), ended.nominal(), cause(ended), look, schedule.id());
  }

  private static String paused(int inARow, Ended ended) {
    return "%d runs in a row failed, so it is paused. Go on with `rookery policies resume %s`."
        .formatted(inARow, ended.policy());
  }

  private void note(Tx tx, Schedule schedule, Ended ended, String kind) {
    ObjectNode data = Json.object().put("nominal", ended.nominal().toString());
    if (kind.equals("schedule.failing")) {
      data.put("cause", cause(ended));
    }
    if (ended.run() != null) {
      data.put("run", ended.run().value());
    }
    journal.append(
        tx,
        ended.org(),
        new JournalEntry(kind, schedule.id().value(), where(tx, schedule, ended), data));
  }

  /** Where people are; null when nobody would see it but in the journal. */
  private @Nullable String where(Tx tx, Schedule schedule, Ended ended) {
    String desk = rooms.approvals().desk(tx, schedule.org()).orElse(null);
    if (ended.undelivered() && desk != null) {
      return desk;
    }
    String to = schedule.config().to();
    Conversation conversation =
        to == null ? null : rooms.conversations().find(tx, schedule.org(), to).orElse(null);
    return conversation != null && conversation.channel() != null ? conversation.key() : desk;
  }

  private void tell(Tx tx, Schedule schedule, Ended ended, String what, String text) {
    String where = where(tx, schedule, ended);
    if (where != null) {
      String key = schedule.id() + ":" + what + ":" + ended.nominal().toEpochMilli();
      rooms.outbox().say(tx, ended.org(), new Outbox.Said(where, null, key, text, null));
    }
  }
}
