package dev.rookery.activation;

import dev.rookery.activation.ActivationPolicy.Relevance;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.ActivationPolicy.Wake;
import dev.rookery.kernel.Refusal;

/** What the parts of a policy ask of each other. Asked when it is saved. */
final class PolicyRules {
  private PolicyRules() {}

  /**
   * @throws Refusal {@code filter-required}, or {@code gate-required}
   */
  static void check(ActivationPolicy policy) {
    Wake wake = policy.wake();
    if (wake.trigger() == Trigger.EVENT && wake.filter() == null) {
      throw Refusal.badInput(
          "filter-required",
          "The trigger event wakes on all that its filter accepts, so policy \"%s\" needs a filter,"
              + " such as {\"field\": \"type\", \"op\": \"eq\", \"value\": \"message\"}.",
          policy.name());
    }
    Relevance relevance = wake.config().relevance();
    if (!wake.gated() && (relevance.exclusive() || !relevance.about().isEmpty())) {
      throw Refusal.badInput(
          "gate-required",
          "about and exclusive are for the relevance gate. Set \"gate\": \"relevance\" in policy"
              + " \"%s\", or leave them out.",
          policy.name());
    }
  }
}
