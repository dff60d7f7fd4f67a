package dev.rookery.spend;

import dev.rookery.models.ModelAnswer.Usage;

/** What is booked for a call. */
final class Costs {
  private Costs() {}

  static SpendEntry.Cost of(EntryStore.Booked booked, Actual actual) {
    SpendEntry.Cost reserved = booked.entry().cost();
    return switch (booked.price()) {
      case Price.PerCall(var amount) ->
          actual instanceof Actual.Charged(var charged)
              ? cost(reserved, charged, Usage.NONE, false)
              : cost(reserved, amount, Usage.NONE, false);
      case Price.PerToken price -> ofModel(booked, price, actual);
    };
  }

  private static SpendEntry.Cost ofModel(
      EntryStore.Booked booked, Price.PerToken price, Actual actual) {
    SpendEntry.Cost reserved = booked.entry().cost();
    return switch (actual) {
      case Actual.Used(var usage) when usage.equals(Usage.NONE) -> all(reserved);
      case Actual.Used(var usage) -> cost(reserved, price.of(usage), usage, false);
      case Actual.Charged(var amount) -> cost(reserved, amount, Usage.NONE, false);
      case Actual.CutOff(var output) -> {
        Money sofar = price.atMost(booked.inputTokens(), output);
        Usage usage = new Usage(booked.inputTokens(), output, 0, 0);
        yield cost(reserved, sofar, usage, true);
      }
      case Actual.AsReserved() -> all(reserved);
    };
  }

  private static SpendEntry.Cost all(SpendEntry.Cost reserved) {
    return cost(reserved, reserved.reserved(), Usage.NONE, true);
  }

  private static SpendEntry.Cost cost(
      SpendEntry.Cost reserved, Money actual, Usage usage, boolean guessed) {
    return new SpendEntry.Cost(reserved.reserved(), actual, reserved.estimated() || guessed, usage);
  }
}
