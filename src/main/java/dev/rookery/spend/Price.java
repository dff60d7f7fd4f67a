package dev.rookery.spend;

import dev.rookery.models.ModelAnswer.Usage;

/** What a call costs. */
public sealed interface Price {
  /**
   * A model. Each amount is for a million tokens of its kind; fractions of a millionth of a dollar
   * are rounded up, once per call.
   */
  record PerToken(Money input, Money output, Money cacheRead, Money cacheWrite) implements Price {
    private static final long MILLION = 1_000_000;

    /** Cached tokens cost what others do. */
    public PerToken(Money input, Money output) {
      this(input, output, input, input);
    }

    /**
     * @throws ArithmeticException when the amount does not fit
     */
    public Money of(Usage usage) {
      long sum = part(usage.input(), input);
      sum = Math.addExact(sum, part(usage.output(), output));
      sum = Math.addExact(sum, part(usage.cacheRead(), cacheRead));
      sum = Math.addExact(sum, part(usage.cacheWrite(), cacheWrite));
      return new Money(Math.ceilDiv(sum, MILLION));
    }

    /** As {@link #of}, when it is not known which of the input is cached: the dearest counts. */
    public Money atMost(long inputTokens, long outputTokens) {
      Money dearest = Money.max(input, Money.max(cacheRead, cacheWrite));
      return new PerToken(dearest, output).of(new Usage(inputTokens, outputTokens, 0, 0));
    }

    private static long part(long tokens, Money price) {
      return Math.multiplyExact(tokens, price.micros());
    }
  }

  /** A tool, for each call. */
  record PerCall(Money amount) implements Price {}
}
