package dev.rookery.occurrences;

/** What a schedule's ended runs mean for it. Pure. */
final class FailureRules {
  private FailureRules() {}

  /** What to tell people. */
  enum News {
    NONE,
    FAILING,
    RECOVERED
  }

  /**
   * @param failing people were told that it fails
   */
  static News news(Occurrence.Result result, boolean failing) {
    return switch (result) {
      case FAILED -> failing ? News.NONE : News.FAILING;
      case DONE -> failing ? News.RECOVERED : News.NONE;
      case CANCELLED, NOT_RUN, NONE -> News.NONE;
    };
  }

  /**
   * @param inARow failed runs since the last success, this one included
   * @param limit 0 for none
   */
  static boolean pauses(Occurrence.Result result, int inARow, int limit) {
    return result == Occurrence.Result.FAILED && limit > 0 && inARow >= limit;
  }
}
