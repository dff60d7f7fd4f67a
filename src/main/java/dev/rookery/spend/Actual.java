package dev.rookery.spend;

import dev.rookery.models.ModelAnswer.Usage;

/** What a call cost, as far as that is known. */
public sealed interface Actual {
  /**
   * Tokens as the provider counted them. A provider that counted none did not count: then the call
   * is booked with all that was reserved.
   */
  record Used(Usage usage) implements Actual {}

  /** An amount that somebody else worked out. */
  record Charged(Money amount) implements Actual {}

  /**
   * A model call that was cut off: its input, as reserved, and what had come.
   *
   * @param outputTokens an estimate of what was received
   */
  record CutOff(long outputTokens) implements Actual {}

  /** All that was reserved: the price of a tool, or of a call of which nothing is known. */
  record AsReserved() implements Actual {}
}
