package dev.rookery.runs;

import dev.rookery.tools.EffectClass;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One journaled unit of a run.
 *
 * @param seq 1, 2, 3 … within the run
 * @param name the tool's or the model's name
 * @param callId the model's id of the tool call
 * @param attempts how often it was started
 */
public record Step(
    int seq,
    Kind kind,
    StepState state,
    String name,
    @Nullable String callId,
    EffectClass effect,
    Body body,
    int attempts) {

  /** What kind of unit. */
  public enum Kind {
    MODEL,
    TOOL,
    REPLY;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was asked and what came back, as JSON and text.
   *
   * @param failed the tool said that it failed; the step itself is done
   */
  public record Body(String idemKey, String request, @Nullable String response, boolean failed) {}

  Step with(Body other) {
    return new Step(seq, kind, state, name, callId, effect, other, attempts);
  }

  Step in(StepState next) {
    return new Step(seq, kind, next, name, callId, effect, body, attempts);
  }

  Step started() {
    return new Step(seq, kind, StepState.STARTED, name, callId, effect, body, attempts + 1);
  }

  Step answered(StepState next, String response, boolean failed) {
    Body answered = new Body(body.idemKey(), body.request(), response, failed);
    return new Step(seq, kind, next, name, callId, effect, answered, attempts);
  }
}
