package dev.rookery.models;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A model call that gave no usable answer, classified once, at the adapter. */
public final class ModelFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The classes of spec 02, "Failure reasons", and cancellation. */
  public enum Reason {
    AUTH,
    RATE_LIMITED,
    UNAVAILABLE,
    CONTEXT_OVERFLOW,
    BAD_OUTPUT,
    CANCELLED;

    /** Whether the same request may succeed later. */
    public boolean retryable() {
      return this == RATE_LIMITED || this == UNAVAILABLE || this == BAD_OUTPUT;
    }
  }

  /** What the failure says about the provider, beyond its reason. */
  public enum Bearing {
    /** This one attempt failed. */
    ATTEMPT,
    /** The provider asked for fewer calls (429, 503, 529, Retry-After): opens the breaker. */
    OVERLOAD,
    /** The breaker was open: the provider was not called. */
    BLOCKED,
    /** The provider refused this very request; it never succeeds unchanged. */
    REJECTED
  }

  private final Reason reason;
  private final Bearing bearing;
  private final String sentence;
  private final transient @Nullable Duration retryAfter;

  public ModelFailure(Reason reason, String message, @Nullable Duration retryAfter) {
    this(reason, Bearing.ATTEMPT, message, retryAfter);
  }

  public ModelFailure(
      Reason reason, Bearing bearing, String message, @Nullable Duration retryAfter) {
    super(message);
    this.reason = reason;
    this.bearing = bearing;
    this.sentence = message;
    this.retryAfter = retryAfter;
  }

  @Override
  public String getMessage() {
    return sentence;
  }

  static ModelFailure cancelled() {
    return new ModelFailure(Reason.CANCELLED, "The model call was cancelled.", null);
  }

  public Reason reason() {
    return reason;
  }

  public Bearing bearing() {
    return bearing;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return reason.retryable() && bearing != Bearing.REJECTED;
  }

  /**
   * What the provider asked to wait, if it said so; from the façade, after an overload or a block,
   * the time until the breaker lets a call through.
   */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
