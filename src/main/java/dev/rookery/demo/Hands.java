package dev.rookery.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was counted of the hands of the agent, and of the control that people keep. */
record Hands(
    Sandboxed sandboxed,
    Permission permission,
    Punctuality punctuality,
    List<Stop> stops,
    Purse purse,
    Later later) {
  Hands {
    stops = List.copyOf(stops);
  }

  /**
   * Requests for a person's decision.
   *
   * @param answered those that a person allowed
   * @param afterRestart those of them that were asked by a server that was killed meanwhile
   * @param refusedPressers strangers who were told that they cannot decide
   * @param withoutPermission calls of the tool that no person had allowed before
   */
  record Permission(int answered, int afterRestart, int refusedPressers, int withoutPermission) {}

  /**
   * One run that was stopped.
   *
   * @param cancelled whether it ended so
   * @param overMillis from the command until the run was over
   * @param deadMillis from the command until its processes were gone; null when it had none
   * @param processesLeft those that were not
   * @param stepsAfter that started later
   * @param reservedMicros millionths of a dollar that are still reserved for it
   */
  record Stop(
      String name,
      boolean cancelled,
      long overMillis,
      @Nullable Long deadMillis,
      int processesLeft,
      int stepsAfter,
      long reservedMicros) {}

  /**
   * A budget, first as it held and then as it was raised.
   *
   * @param runs what was asked for at once
   */
  record Purse(int runs, Held first, Held raised) {}

  /**
   * How a budget stood when nothing went on any more. Money in millionths of a dollar.
   *
   * @param reserved for calls under way
   * @param answered runs with their reply in the chat
   * @param parked runs that wait for money
   * @param failed runs that failed
   */
  record Held(long limit, long spent, long reserved, int answered, int parked, int failed) {
    long over() {
      return Math.max(0, spent - limit);
    }
  }

  /**
   * Messages of these chapters; buttons and commands aside.
   *
   * @param workedOff those with an event and, if they are to wake somebody, a run that is over
   */
  record Later(int accepted, int workedOff) {}
}
