package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Refusal;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Expects refusals. */
public final class Refusals {
  private Refusals() {}

  /** Fails unless the call is refused with the code; returns the refusal. */
  public static Refusal refused(String code, ThrowingCallable call) {
    Refusal refusal = Assertions.catchThrowableOfType(Refusal.class, call);
    assertThat(refusal).as("refusal with code %s", code).isNotNull();
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
    return refusal;
  }
}
