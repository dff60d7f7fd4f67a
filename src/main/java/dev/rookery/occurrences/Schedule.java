package dev.rookery.occurrences;

import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A schedule policy, what it says, and how far its ledger is. */
record Schedule(ScheduleStore.Row row, ActivationPolicy policy, ScheduleConfig config) {
  static Schedule of(ScheduleStore.Row row, ActivationPolicy policy) {
    return new Schedule(
        row, policy, ScheduleCodec.read(policy, Instant.ofEpochMilli(row.anchor())));
  }

  OrgId org() {
    return row.org();
  }

  PolicyId id() {
    return row.policy();
  }

  Instant watermark() {
    return Instant.ofEpochMilli(row.watermark());
  }

  Schedule at(ScheduleStore.Row other) {
    return new Schedule(other, policy, config);
  }

  DueRules.Due due(Instant nominal) {
    Instant next = config.timetable().next(nominal).orElse(null);
    return DueRules.due(id().value().hashCode(), nominal, next, config.jitter());
  }

  /**
   * Why it does not fire, and until when.
   *
   * @param until exclusive; null for no end
   */
  record Off(String reason, @Nullable Instant until) {}

  /** Null when it is on. A pause that has ended by itself is still told, for the times before. */
  @Nullable Off off(boolean agentEnabled) {
    if (!policy.standing().enabled()) {
      return new Off("policy-disabled", null);
    }
    if (!agentEnabled) {
      return new Off("agent-disabled", null);
    }
    Pause pause = policy.standing().pause();
    return pause == null ? null : new Off("paused", pause.until());
  }
}
