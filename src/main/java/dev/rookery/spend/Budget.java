package dev.rookery.spend;

import dev.rookery.kernel.BudgetId;

/** A spending limit. Times are epoch milliseconds. */
public record Budget(
    BudgetId id, Scope scope, Window window, Limits limits, long createdAt, long updatedAt) {

  /** For people: {@code the budget of agent agt_… for a day}. */
  public String words() {
    String time =
        switch (window) {
          case HOUR -> " for an hour";
          case DAY -> " for a day";
          case MONTH -> " for a month";
          case TOTAL -> "";
        };
    return "the budget of " + scope.words() + time;
  }
}
