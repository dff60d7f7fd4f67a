package dev.rookery.activation;

import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Tx;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the room of a trigger does with the policies it serves: a schedule keeps the time it is due
 * next, a webhook the secret of its URL. Called in the commit that changes the policy, so that none
 * is there without the other.
 */
public interface PolicyKeeper {
  /** The triggers this room serves. */
  Set<Trigger> triggers();

  /**
   * Reads the settings that only this room knows ({@code config.details}), and keeps what follows
   * from them.
   *
   * @param before null when the policy is new; of another trigger when that was changed
   * @throws Refusal when the settings are bad; nothing is changed then
   */
  void saved(Tx tx, @Nullable ActivationPolicy before, ActivationPolicy policy);

  /** The policy is gone, or is of another room's trigger from now on. */
  void removed(Tx tx, OrgId org, PolicyId policy);
}
