package dev.rookery.runs;

/** State of a run (DESIGN §4). Why it waits is a column, not a state. */
public enum RunState {
  QUEUED,
  RUNNING,
  WAITING_PERMISSION,
  DONE,
  FAILED,
  CANCELLED;

  /** Terminal states never change; the database refuses it too. */
  public boolean over() {
    return switch (this) {
      case QUEUED, RUNNING, WAITING_PERMISSION -> false;
      case DONE, FAILED, CANCELLED -> true;
    };
  }

  public boolean mayBecome(RunState next) {
    return switch (this) {
      case QUEUED -> next == RUNNING || next == FAILED || next == CANCELLED;
      case RUNNING -> next == WAITING_PERMISSION || next.over();
      case WAITING_PERMISSION -> next == RUNNING || next == FAILED || next == CANCELLED;
      case DONE, FAILED, CANCELLED -> false;
    };
  }

  /** As stored and shown. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public static RunState of(String label) {
    return valueOf(label.toUpperCase(java.util.Locale.ROOT));
  }
}
