package dev.rookery.runs;

import dev.rookery.kernel.RunId;

/**
 * The run is no longer this owner's: cancelled, finished, or claimed by another node. Nothing was
 * written.
 */
final class LeaseLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeaseLost(RunId run) {
    super("run " + run + " is not this owner's any more", null, false, false);
  }
}
