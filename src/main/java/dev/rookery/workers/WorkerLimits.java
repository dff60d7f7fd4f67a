package dev.rookery.workers;

import dev.rookery.kernel.Refusal;
import java.util.Map;

/**
 * How far delegation goes (spec 02, workers).
 *
 * @param depth generations below a run that no other started
 * @param fanOut workers of one call, and workers of one run that are active
 */
public record WorkerLimits(int depth, int fanOut) {
  public static final WorkerLimits DEFAULT = new WorkerLimits(3, 8);

  public WorkerLimits {
    if (depth < 0 || fanOut < 1) {
      throw new IllegalArgumentException("limits must be positive: " + depth + ", " + fanOut);
    }
  }

  /**
   * Reads {@code ROOKERY_WORKER_DEPTH} (0 switches delegation off) and {@code
   * ROOKERY_WORKER_FANOUT}.
   *
   * @throws Refusal {@code bad-setting}, naming the variable
   */
  public static WorkerLimits from(Map<String, String> env) {
    return new WorkerLimits(
        number(env, "ROOKERY_WORKER_DEPTH", "[0-9]", DEFAULT.depth()),
        number(env, "ROOKERY_WORKER_FANOUT", "[1-9][0-9]?", DEFAULT.fanOut()));
  }

  private static int number(Map<String, String> env, String name, String digits, int otherwise) {
    String value = env.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      return otherwise;
    }
    if (!value.matches(digits)) {
      throw Refusal.badInput(
          "bad-setting", "%s is not a number of the form %s; it is '%s'.", name, digits, value);
    }
    return Integer.parseInt(value);
  }
}
