package dev.rookery.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.spend.Budget;
import dev.rookery.spend.Purchase;
import dev.rookery.spend.Reservation;
import dev.rookery.spend.Scope;
import dev.rookery.spend.Spend;
import dev.rookery.spend.Standing;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Money for the calls of one claimed run: a soft limit asks a person, a hard limit parks the run
 * with all it has (spec 02, "Spend").
 */
final class Funds {
  /** The name under which a person is asked; no tool can be called so. */
  static final String SPEND = "spend:limit";

  private static final Duration PATIENCE = Duration.ofHours(24);
  private static final Duration SOON = Duration.ofSeconds(2);

  private final RunLog runLog;
  private final Spend spend;

  Funds(RunLog runLog, Spend spend) {
    this.runLog = runLog;
    this.spend = spend;
  }

  /** What became of the wish. */
  sealed interface Grant {
    /** It is reserved. */
    record Held() implements Grant {}

    /** The run is parked in this commit. */
    record Parked() implements Grant {}

    /** Nothing is reserved, and waiting does not help. */
    record Refused(String why) implements Grant {}
  }

  Purchase.Payer payer() {
    Run run = runLog.run();
    Lineage lineage = run.origin().lineage();
    List<RunId> trees =
        new ArrayList<>(lineage.child() == null ? List.of() : lineage.child().path());
    trees.add(run.id());
    return new Purchase.Payer(
        run.agent(), run.origin().contact(), null, run.origin().root(), trees);
  }

  /** Reserves in the caller's commit; the limits that are in the way, one after the other. */
  Grant reserve(Tx tx, int seq, Purchase purchase) {
    Reservation reservation = spend.reserve(tx, org(), purchase);
    while (reservation instanceof Reservation.SoftLimit soft && consented(tx, seq, soft)) {
      spend.consent(tx, org(), soft.standing().budget().id(), runLog.run().origin().root());
      reservation = spend.reserve(tx, org(), purchase);
    }
    return switch (reservation) {
      case Reservation.Reserved _ -> new Grant.Held();
      case Reservation.SoftLimit soft -> ask(tx, seq, soft);
      case Reservation.HardLimit hard ->
          isShare(hard.standing().budget()) && !hard.mayFitSoon()
              ? new Grant.Refused(hard.sentence())
              : park(tx, hard);
    };
  }

  /** What a parent gave a child for its task: nobody else adds to it, so waiting does not help. */
  private boolean isShare(Budget budget) {
    return budget.scope() instanceof Scope.OfRunTree(var tree)
        && !tree.equals(runLog.run().origin().root());
  }

  private boolean consented(Tx tx, int seq, Reservation.SoftLimit soft) {
    Approval earlier = earlier(tx, seq);
    return earlier != null
        && earlier.call().intact()
        && call(soft.standing()).equals(earlier.allowed());
  }

  private @Nullable Approval earlier(Tx tx, int seq) {
    return runLog.ground().approvals().ofStep(tx, org(), runLog.id(), seq, SPEND).orElse(null);
  }

  /** Names budget and window: what is allowed holds for these. */
  private static Approval.Call call(Standing standing) {
    ObjectNode arguments =
        Json.object()
            .put("beyond", "soft limit")
            .put("budget", standing.budget().id().value())
            .put("window_starts_at", standing.key().startsAt());
    return Approval.Call.of(SPEND, Json.canonical(arguments));
  }

  private Grant ask(Tx tx, int seq, Reservation.SoftLimit soft) {
    Approval.Call call = call(soft.standing());
    Approval earlier = earlier(tx, seq);
    if (earlier != null && earlier.call().equals(call)) {
      return switch (earlier.state()) {
        case DENIED, EXPIRED, CANCELLED ->
            new Grant.Refused(soft.sentence() + " That was not permitted (" + earlier.id() + ").");
        case PENDING, ALLOWED -> awaitAnswer(tx);
      };
    }
    Run run = runLog.run();
    Approval approval =
        runLog
            .ground()
            .approvals()
            .request(
                tx,
                org(),
                new Approvals.Request(
                    new Approval.Subject(run.id(), seq, run.agent(), runLog.peopleIn()),
                    call,
                    new Approval.Asked(
                        "budget " + soft.standing().budget().id(),
                        runLog.voiced(soft.sentence()),
                        soft.sentence()),
                    PATIENCE));
    runLog.moveDeadline(tx, approval.times().deadline() - tx.now());
    return awaitAnswer(tx);
  }

  private Grant awaitAnswer(Tx tx) {
    runLog.park(tx, RunState.WAITING_PERMISSION, Runs.AWAITS_APPROVAL, Duration.ZERO);
    return new Grant.Parked();
  }

  /** Until calls under way end, the window does, or somebody raises the limit. */
  private Grant park(Tx tx, Reservation.HardLimit hard) {
    Instant resets = hard.resetsAt();
    boolean soon = hard.mayFitSoon();
    if (!soon) {
      Run run = runLog.run();
      String key =
          "budget:" + hard.standing().budget().id() + ":" + hard.standing().key().startsAt();
      runLog.ground().outbox().say(tx, org(), runLog.asked(key, FailureNotice.parked(run, hard)));
    }
    if (soon) {
      runLog.park(tx, RunState.RUNNING, Runs.AWAITS_BUDGET, SOON);
    } else if (resets != null && !hard.neverFits()) {
      Duration time = Duration.ofMillis(Math.max(1, resets.toEpochMilli() - tx.now()));
      moveDeadline(tx, time);
      runLog.park(tx, RunState.RUNNING, Runs.AWAITS_BUDGET, time);
    } else {
      moveDeadline(tx, PATIENCE);
      runLog.park(tx, RunState.WAITING_PERMISSION, Runs.AWAITS_BUDGET, Duration.ZERO);
    }
    return new Grant.Parked();
  }

  private void moveDeadline(Tx tx, Duration by) {
    runLog.moveDeadline(tx, by.toMillis());
  }

  private OrgId org() {
    return runLog.org();
  }
}
