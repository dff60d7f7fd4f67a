package dev.rookery.spend;

import dev.rookery.kernel.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * How much may be spent in a window. Refused as {@code bad-budget}.
 *
 * @param soft beyond it a person is asked; null for never
 * @param hard beyond it nothing is bought; null for no such limit
 */
public record Limits(@Nullable Money soft, @Nullable Money hard) {
  public Limits {
    if (soft == null && hard == null) {
      throw Refusal.badInput("bad-budget", "A budget has a soft limit, a hard limit, or both.");
    }
    if (soft != null && hard != null && soft.exceeds(hard)) {
      throw Refusal.badInput(
          "bad-budget",
          "The soft limit %s is above the hard limit %s; nobody would ever be asked.",
          soft,
          hard);
    }
  }
}
