package dev.rookery.workers;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A child run that a run delegated to, as the registry knows it.
 *
 * @param id of the run that does the work; there is one for each worker
 */
public record Worker(RunId id, OrgId org, Kin kin, Order order, Standing standing, Times times) {

  /** {@code active → finished | failed | cancelled}. */
  public enum State {
    ACTIVE,
    FINISHED,
    FAILED,
    CANCELLED;

    /** As stored and shown. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * Who started it.
   *
   * @param step of the parent, whose call started it
   * @param place among the workers of that call, from 1
   * @param generation 1 for what a root delegates
   */
  public record Kin(
      RunId parent, AgentId parentAgent, int step, int place, RunId root, int generation) {}

  /**
   * What it is to do.
   *
   * @param background whether nobody waits for it
   * @param budget of its own, or null
   */
  public record Order(
      AgentId agent, String name, String task, boolean background, @Nullable BudgetId budget) {}

  /**
   * How it stands.
   *
   * @param cause why it failed or was cancelled
   * @param summary its last words
   */
  public record Standing(
      State state, @Nullable String cause, @Nullable String summary, @Nullable Home home) {
    static final Standing ACTIVE = new Standing(State.ACTIVE, null, null, null);
  }

  /** Where its result went. */
  public enum Home {
    /** To the step that waited for it. */
    STEP,
    /** Into the run that started it. */
    RUN,
    /** To the conversation, as the run that started it is over. */
    CONVERSATION,
    /** Nowhere: it was cancelled as its parent ended. */
    NOWHERE;

    /** As stored and shown. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Home of(@Nullable String label) {
      return label == null ? null : valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /** Epoch milliseconds; 0 for not. */
  public record Times(long started, long ended) {}

  boolean active() {
    return standing.state() == State.ACTIVE;
  }
}
