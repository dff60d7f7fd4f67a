package dev.rookery.runs;

/**
 * The places between two commits of a run where a crash must do no harm. Tests stop the process at
 * each.
 */
public enum Boundary {
  CLAIMED,
  ABSORBED,
  MODEL_STARTED,
  MODEL_ANSWERED,
  MODEL_FINISHED,
  APPROVAL_ASKED,
  BUDGET_ASKED,
  CHILDREN_AWAITED,
  TOOL_STARTED,
  TOOL_PERFORMED,
  TOOL_FINISHED,
  BEFORE_REPLY,
  REPLIED;

  /** Only runs come by that then wait, for a person or for other runs. */
  public boolean waits() {
    return this == APPROVAL_ASKED || this == BUDGET_ASKED || this == CHILDREN_AWAITED;
  }

  /** Told about each boundary as it is reached; does nothing outside tests. */
  public interface Probe {
    Probe NONE = (_, _) -> {};

    void reached(Boundary boundary, String tool);
  }
}
