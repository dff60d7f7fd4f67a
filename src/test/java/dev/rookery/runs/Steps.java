package dev.rookery.runs;

import dev.rookery.tools.EffectClass;

/** Steps for tests. */
final class Steps {
  private Steps() {}

  static Step tool(int seq, StepState state, EffectClass effect) {
    return step(seq, Step.Kind.TOOL, state, effect);
  }

  static Step model(int seq, StepState state) {
    return step(seq, Step.Kind.MODEL, state, EffectClass.PURE);
  }

  static Step reply(int seq) {
    return step(seq, Step.Kind.REPLY, StepState.DONE, EffectClass.KEYED);
  }

  private static Step step(int seq, Step.Kind kind, StepState state, EffectClass effect) {
    return new Step(
        seq,
        kind,
        state,
        "name",
        "call_" + seq,
        effect,
        new Step.Body("key", "{}", null, false),
        0);
  }
}
