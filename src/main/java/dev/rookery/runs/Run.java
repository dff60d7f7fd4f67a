package dev.rookery.runs;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One attempt of one agent at one activation. */
public record Run(
    RunId id,
    OrgId org,
    AgentId agent,
    String conversation,
    Origin origin,
    Status status,
    Lease lease,
    Times times) {

  /**
   * Where it comes from.
   *
   * @param attended a person woke it, who can be asked
   * @param contact who woke it, such as {@code telegram:int_…:123}; null for old runs
   * @param lineage whose child it is
   * @param onlyTools the only tools that it may see; null means all that its agent is granted
   * @param rerun what it repeats; null for a run that began from nothing
   */
  public record Origin(
      String activation,
      boolean attended,
      @Nullable String contact,
      Lineage lineage,
      @Nullable Set<String> onlyTools,
      @Nullable Rerun rerun) {
    public Origin {
      onlyTools = onlyTools == null ? null : Set.copyOf(onlyTools);
    }

    /** The run at the top of its tree; itself when it has no parent. */
    public RunId root() {
      return lineage.root();
    }

    /** Whether a tool that its agent is granted is one that it may see. */
    public boolean sees(String tool) {
      return onlyTools == null || onlyTools.contains(tool);
    }

    /** A schedule woke it, whose room tells people when it fails: once, not each time. */
    boolean scheduled() {
      return contact != null && contact.startsWith("schedule:");
    }
  }

  /**
   * It repeats another run.
   *
   * @param fromStep what was before it is copied, not done again
   */
  public record Rerun(Kind kind, RunId of, int fromStep) {
    /** Which way. */
    public enum Kind {
      /** In the same conversation, of a run that is over. */
      RETRY,
      /** In a conversation of its own. */
      FORK;

      public String label() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  /**
   * How it stands.
   *
   * @param waitReason why it does not move now, such as {@code capacity_agent} or {@code
   *     model_rate_limited}
   * @param failureReason label of a {@link FailureReason} when it failed
   * @param outcome one sentence when it is over
   */
  public record Status(
      RunState state,
      @Nullable String waitReason,
      @Nullable String failureReason,
      @Nullable String outcome) {}

  /** Who works on it. {@code attempts} counts owners that vanished. */
  public record Lease(long fence, @Nullable String owner, int attempts) {}

  /** Epoch milliseconds; 0 for what has not happened. */
  public record Times(long created, long started, long finished, long wake, long deadline) {}
}
