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

  private final Reason reason;
  private final transient @Nullable Duration retryAfter;

  public ModelFailure(Reason reason, String message, @Nullable Duration retryAfter) {
    super(message);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  public Reason reason() {
    return reason;
  }

  /** What the provider asked to wait, if it said so. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
