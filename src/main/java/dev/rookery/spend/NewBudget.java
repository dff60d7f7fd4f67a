package dev.rookery.spend;

import dev.rookery.kernel.Refusal;

/** A budget to be made. Refused as {@code bad-budget}. */
public record NewBudget(Scope scope, Window window, Limits limits) {
  public NewBudget {
    boolean ofRuns = scope instanceof Scope.OfRunTree || scope instanceof Scope.EachRunTree;
    if (ofRuns && window != Window.TOTAL) {
      throw Refusal.badInput(
          "bad-budget", "A budget of runs is for all of a run; its window is total.");
    }
  }
}
