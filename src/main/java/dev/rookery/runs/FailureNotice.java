package dev.rookery.runs;

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
