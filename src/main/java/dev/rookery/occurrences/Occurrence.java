package dev.rookery.occurrences;

import dev.rookery.kernel.EventId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the ledger: a time of a schedule and what became of it. A long stretch of times with
 * the same verdict is one line.
 *
 * @param byHand a person started it now; it is no time of the timetable
 */
public record Occurrence(
    PolicyId policy, Span span, Ruling ruling, boolean byHand, Outcome outcome, Instant decidedAt) {

  /**
   * The times it stands for.
   *
   * @param nominal the first, or only one
   * @param last the same, unless it is a stretch
   * @param count how many, 1 unless it is a stretch
   */
  public record Span(Instant nominal, Instant last, long count) {
    static Span of(Instant nominal) {
      return new Span(nominal, nominal, 1);
    }
  }

  /**
   * What was decided.
   *
   * @param reason stable kebab-case code: {@code on-time}, {@code catch-up}, {@code run-now},
   *     {@code backfill}, {@code waits-in-line}, {@code others-cancelled}, {@code running}, {@code
   *     line-full}, {@code skip}, {@code older-than-window}, {@code over-cap}, {@code superseded},
   *     {@code paused}, {@code policy-disabled}, {@code agent-disabled}, {@code times-changed},
   *     {@code policy-removed}, {@code reconciled}
   */
  public record Ruling(Verdict verdict, String reason) {}

  /**
   * What came of it.
   *
   * @param event null until it fired, and for what never fires
   * @param run the run that took the event
   * @param result null while it is not over
   * @param reason of a result other than done: a failure reason and sentence, or why no run was
   *     made
   */
  public record Outcome(
      @Nullable EventId event,
      @Nullable RunId run,
      @Nullable Result result,
      @Nullable String reason) {}

  /** How it ended. */
  public enum Result {
    DONE,
    FAILED,
    CANCELLED,
    /** The event woke nobody, for instance because the policy was paused just then. */
    NOT_RUN,
    /** It was not to fire. */
    NONE;

    /** Spelling in columns and JSON. */
    public String spelled() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Result of(String spelled) {
      return valueOf(spelled.toUpperCase(Locale.ROOT));
    }
  }

  /** Whether it fired, or is about to, and is not over. */
  public boolean open() {
    return outcome.result() == null;
  }
}
