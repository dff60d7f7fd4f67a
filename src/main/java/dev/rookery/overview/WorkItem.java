package dev.rookery.overview;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of an agent, with every run that tries to answer it. Nothing of it is stored: it
 * is the first run with its retries and all that they delegated.
 *
 * @param first the run that the request woke
 * @param last its newest retry, or itself
 * @param costMicros what all runs of it cost, in millionths of a dollar
 */
public record WorkItem(
    RunId first,
    RunId last,
    AgentId agent,
    Place place,
    Asked asked,
    Standing standing,
    long costMicros) {

  /** Where it was asked. */
  public record Place(String conversation, String name, @Nullable String integration) {}

  /**
   * What was asked.
   *
   * @param title first line
   * @param by name of who asked; empty when nobody is on record
   */
  public record Asked(String title, String by, @Nullable String event) {}

  /** How it stands. Times in epoch milliseconds, 0 for what has not happened. */
  public record Standing(State state, @Nullable String outcome, int runs, long asked, long ended) {}

  /** How it stands, by its newest attempt. */
  public enum State {
    OPEN("'queued', 'running'"),
    WAITING("'waiting_permission'"),
    DONE("'done'"),
    FAILED("'failed'"),
    CANCELLED("'cancelled'");

    private final String runStates;

    State(String runStates) {
      this.runStates = runStates;
    }

    /** States of its last run, as SQL. */
    String runStates() {
      return runStates;
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String runState) {
      for (State state : values()) {
        if (state.runStates.contains("'" + runState + "'")) {
          return state;
        }
      }
      throw new IllegalStateException("no work item stands as " + runState);
    }
  }
}
