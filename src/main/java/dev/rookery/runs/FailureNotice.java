package dev.rookery.runs;

import dev.rookery.spend.Reservation;

/** What a conversation is told when a run did not succeed: cause and next step, once. */
final class FailureNotice {
  private FailureNotice() {}

  static String text(Run run, FailureReason reason, String detail) {
    return "I could not finish this, because "
        + reason.sentence()
        + ".\n\n"
        + "Details for an operator: `"
        + reason.label()
        + "` — "
        + detail
        + " (run `"
        + run.id()
        + "`)";
  }

  /** A run that waits for money keeps all it has done. */
  static String parked(Run run, Reservation.HardLimit hard) {
    return "I pause here, because "
        + FailureReason.BUDGET_EXHAUSTED.sentence()
        + ". What is done stays done, and I go on as soon as there is money.\n\n"
        + "Details for an operator: "
        + hard.sentence()
        + " (run `"
        + run.id()
        + "`)";
  }

  static String question(Run run, Step step, String detail) {
    return "I stopped, because I cannot tell whether `"
        + step.name()
        + "` happened: "
        + detail
        + " I will not do it a second time by myself.\n\n"
        + "An operator decides with `rookery runs resolve "
        + run.id()
        + " --step "
        + step.seq()
        + " --as happened|retry|skip`.";
  }
}
