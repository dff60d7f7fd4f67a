package dev.rookery.activation;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one event means for one policy, and why. Every decision is stored, the negative ones too;
 * the reason alone tells a stranger why the agent did or did not wake.
 */
public sealed interface Decision {
  AgentId agent();

  PolicyId policy();

  Reason reason();

  /** The name it is stored and shown by. */
  Label label();

  /** Whether the event becomes an input of a run through this decision. */
  default boolean reachesRun() {
    return switch (this) {
      case Woke _, Steered _, Merged _ -> true;
      case MergedWith _, Waiting _, Declined _ -> false;
    };
  }

  /**
   * A new run.
   *
   * @param after the run of the same conversation and agent that must be over first, or null
   * @param delay it does not start sooner than this from now
   * @param onlyTools the only tools that the policy lets it see; empty means all
   */
  record Woke(
      AgentId agent,
      PolicyId policy,
      Reason reason,
      @Nullable RunId after,
      Duration delay,
      List<String> onlyTools)
      implements Decision {
    public Woke {
      onlyTools = List.copyOf(onlyTools);
    }

    @Override
    public Label label() {
      return Label.WOKE;
    }
  }

  /** An input for a run that is active. */
  record Steered(AgentId agent, PolicyId policy, Reason reason, RunId run) implements Decision {
    @Override
    public Label label() {
      return Label.STEERED;
    }
  }

  /**
   * One more input for a run that has not started.
   *
   * @param delay the run does not start sooner than this from now; zero leaves its start alone
   */
  record Merged(AgentId agent, PolicyId policy, Reason reason, RunId run, Duration delay)
      implements Decision {
    @Override
    public Label label() {
      return Label.MERGED;
    }
  }

  /** Another policy of the same agent already takes this event. */
  record MergedWith(AgentId agent, PolicyId policy, Reason reason, PolicyId other)
      implements Decision {
    @Override
    public Label label() {
      return Label.MERGED;
    }
  }

  /**
   * The trigger wants the event, and the relevance gate is to be asked when the delay is over. It
   * is kept as a wait, not as an activation: that is written once, at the end of the wait.
   *
   * @param delay zero for at once
   * @param ambient lines of its conversation that come meanwhile belong to it
   */
  record Waiting(AgentId agent, PolicyId policy, Reason reason, Duration delay, boolean ambient)
      implements Decision {
    @Override
    public Label label() {
      return Label.WAITING;
    }
  }

  /** The agent does not wake. */
  record Declined(AgentId agent, PolicyId policy, Reason reason, Label label) implements Decision {
    public Declined {
      switch (label) {
        case WOKE, STEERED, MERGED, WAITING ->
            throw new IllegalArgumentException(label + " is not a way to decline");
        case SKIPPED, GATED, THROTTLED, PAUSED, DENIED, NO_CAPACITY, MISSED, ERROR -> {}
      }
    }
  }

  /**
   * Why.
   *
   * @param code stable, kebab-case, for programs
   * @param sentence for people; holds no text of the event, but may quote what a gate answered
   */
  record Reason(String code, String sentence) {}

  /** The names of decisions (spec 01). */
  enum Label {
    WOKE,
    MERGED,
    STEERED,
    SKIPPED,
    GATED,
    THROTTLED,
    PAUSED,
    DENIED,
    NO_CAPACITY,
    MISSED,
    ERROR,
    /** Not decided yet; never stored. */
    WAITING;

    /** Spelling in columns and JSON, such as {@code no_capacity}. */
    public String spelled() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
