package dev.rookery.approvals;

/** What becomes of an answer: the first holds, its repetition is accepted, another is refused. */
final class AnswerRules {
  private AnswerRules() {}

  /** What an answer meets. */
  enum Meeting {
    /** The first. */
    DECIDES,
    /** The same as before. */
    REPEATS,
    /** Other than before. */
    CONFLICTS,
    /** The request is over without an answer. */
    LATE
  }

  static Meeting meet(Approval approval, Answer answer, long now) {
    return switch (approval.state()) {
      case PENDING -> approval.times().deadline() > now ? Meeting.DECIDES : Meeting.LATE;
      case ALLOWED, DENIED -> repeated(approval, answer) ? Meeting.REPEATS : Meeting.CONFLICTS;
      case EXPIRED, CANCELLED -> Meeting.LATE;
    };
  }

  private static boolean repeated(Approval approval, Answer answer) {
    Approval.Decision decision = approval.decision();
    return decision != null && decision.answer().equals(answer);
  }

  static Approval.State after(Answer answer) {
    return switch (answer) {
      case Answer.AllowOnce _, Answer.AllowAlways _, Answer.Edit _ -> Approval.State.ALLOWED;
      case Answer.Deny _ -> Approval.State.DENIED;
    };
  }
}
