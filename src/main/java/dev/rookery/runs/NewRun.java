package dev.rookery.runs;

import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import java.time.Duration;
import java.util.List;

/**
 * A run about to be queued; made by dispatch only.
 *
 * @param delay it does not start sooner than this
 * @param deadline from now, after which it fails
 */
public record NewRun(
    RunId id,
    AgentId agent,
    ActivationId activation,
    String conversation,
    Nature nature,
    Duration delay,
    Duration deadline) {

  /**
   * What kind of run.
   *
   * @param depth how many agents answered agents before
   * @param attended a person woke it, who can be asked; without one, what no rule allows is denied
   * @param onlyTools of what the agent is granted, it sees these; empty means all
   */
  public record Nature(String mode, int depth, boolean attended, List<String> onlyTools) {
    public Nature {
      onlyTools = List.copyOf(onlyTools);
    }

    /** With all that the agent is granted. */
    public Nature(String mode, int depth, boolean attended) {
      this(mode, depth, attended, List.of());
    }
  }
}
