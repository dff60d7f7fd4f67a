package dev.rookery.runs;

import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run about to be queued; made by dispatch, and by the room of workers.
 *
 * @param delay it does not start sooner than this
 * @param deadline from now, after which it fails
 * @param birth what it has from another run; null for nothing
 */
public record NewRun(
    RunId id,
    AgentId agent,
    ActivationId activation,
    String conversation,
    Nature nature,
    Duration delay,
    Duration deadline,
    @Nullable Birth birth) {

  /** A run that no other started. */
  public NewRun(
      RunId id,
      AgentId agent,
      ActivationId activation,
      String conversation,
      Nature nature,
      Duration delay,
      Duration deadline) {
    this(id, agent, activation, conversation, nature, delay, deadline, null);
  }

  /**
   * What kind of run.
   *
   * @param depth how many agents answered agents before
   * @param attended a person woke it, who can be asked; without one, what no rule allows is denied
   * @param onlyTools of what the agent is granted, it sees these; null means all
   */
  public record Nature(String mode, int depth, boolean attended, @Nullable List<String> onlyTools) {
    public Nature {
      onlyTools = onlyTools == null ? null : List.copyOf(onlyTools);
    }

    /** With all that the agent is granted. */
    public Nature(String mode, int depth, boolean attended) {
      this(mode, depth, attended, null);
    }
  }

  /**
   * What a run has from another.
   *
   * @param child null when it is no child of it
   * @param contact for whom all of the tree works
   */
  public record Birth(RunId root, Lineage.@Nullable Child child, @Nullable String contact) {}

  Lineage lineage() {
    return birth == null
        ? Lineage.of(id, nature.depth())
        : new Lineage(birth.root(), nature.depth(), birth.child());
  }
}
