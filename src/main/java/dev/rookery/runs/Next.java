package dev.rookery.runs;

/** What a run does next, as {@link RunMachine} decided. */
sealed interface Next {
  /** Ask the model; with the step of this number, planned before or to be planned now. */
  record Think(int seq) implements Next {}

  /** Perform a planned tool call. */
  record Act(Step step) implements Next {}

  /** A crash left this step started. */
  record Recover(Step step, Recovery how) implements Next {}

  /** Nobody knows whether this step happened; a person is asked. */
  record AskWhatHappened(Step step) implements Next {}

  /** Take new lines of the conversation into the turn. */
  record Absorb() implements Next {}

  /** Say the model's last words and end, unless there are new lines. */
  record Reply() implements Next {}

  record Fail(FailureReason reason, String detail) implements Next {}

  /** The run is over. */
  record Nothing() implements Next {}

  /** What the effect class allows after a crash (spec 02). */
  enum Recovery {
    RUN_AGAIN,
    LOOK_THEN_RUN,
    LOOK_ELSE_UNKNOWN,
    UNKNOWN
  }
}
