package dev.rookery.dispatch;

import dev.rookery.kernel.Refusal;
import java.util.Map;

/**
 * How many runs may be queued before new events wake nobody ({@code no_capacity}). What was
 * accepted before is unharmed, and lines for runs that are there still go into them.
 *
 * @param agent runs of one agent
 * @param org runs of one organization
 */
public record QueueLimits(int agent, int org) {
  public static final QueueLimits DEFAULT = new QueueLimits(1_000, 10_000);

  public QueueLimits {
    if (agent < 1 || org < 1) {
      throw new IllegalArgumentException("limits must be positive: " + agent + ", " + org);
    }
  }

  /**
   * Reads {@code ROOKERY_AGENT_QUEUE} and {@code ROOKERY_ORG_QUEUE}.
   *
   * @throws Refusal {@code bad-setting}, naming the variable
   */
  public static QueueLimits from(Map<String, String> env) {
    return new QueueLimits(
        number(env, "ROOKERY_AGENT_QUEUE", DEFAULT.agent()),
        number(env, "ROOKERY_ORG_QUEUE", DEFAULT.org()));
  }

  private static int number(Map<String, String> env, String name, int otherwise) {
    String value = env.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      return otherwise;
    }
    if (!value.matches("[1-9][0-9]{0,5}")) {
      throw Refusal.badInput("bad-setting", "%s is not a number from 1 to 999999.", name);
    }
    return Integer.parseInt(value);
  }
}
