package dev.rookery.sandbox;

import dev.rookery.kernel.RunId;

/**
 * The step of a run that a command belongs to.
 *
 * @param fence of the run's lease; what an older fence of the same run started is killed first
 */
public record StepRef(RunId run, int seq, long fence) {
  /** Name of its directory below {@code ~/.rookery/steps}. */
  String directory() {
    return run.value() + "-" + seq;
  }
}
