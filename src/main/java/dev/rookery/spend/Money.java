package dev.rookery.spend;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * An exact amount of US dollars in millionths, never negative. Sums that do not fit are an {@link
 * ArithmeticException}, not a smaller sum.
 */
public record Money(long micros) implements Comparable<Money> {
  public static final Money ZERO = new Money(0);

  /** No single amount is greater, so that sums of many still fit. */
  public static final Money MOST = new Money(1_000_000_000_000_000L);

  private static final int DECIMALS = 6;
  private static final Pattern SPELLING = Pattern.compile("\\$?\\d{1,10}(\\.\\d{1,6})?");

  public Money {
    if (micros < 0) {
      throw new IllegalArgumentException("an amount of money is never negative: " + micros);
    }
  }

  /**
   * Reads {@code 1.00}, {@code 0.0123} or {@code $3}.
   *
   * @throws Refusal {@code bad-money}: not spelled so, finer than a millionth, over a billion
   */
  public static Money parse(String text) {
    if (!SPELLING.matcher(text).matches()) {
      throw refusal(text);
    }
    return of(new BigDecimal(text.startsWith("$") ? text.substring(1) : text));
  }

  /**
   * @throws Refusal {@code bad-money}
   */
  public static Money of(BigDecimal dollars) {
    try {
      BigDecimal micros = dollars.movePointRight(DECIMALS).setScale(0, RoundingMode.UNNECESSARY);
      if (micros.signum() >= 0 && micros.compareTo(BigDecimal.valueOf(MOST.micros)) <= 0) {
        return new Money(micros.longValueExact());
      }
    } catch (ArithmeticException e) {
      throw refusal(dollars.toString());
    }
    throw refusal(dollars.toString());
  }

  private static Refusal refusal(String given) {
    return Refusal.badInput(
        "bad-money",
        "'%s' is not an amount of US dollars such as 1.00 or 0.0123: at most six decimals, from 0"
            + " to 1000000000.",
        Text.brief(Text.clean(given), 40));
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(micros, other.micros));
  }

  /** What is left when the other is taken away; nothing when that is more. */
  public Money without(Money other) {
    return new Money(Math.max(0, micros - other.micros));
  }

  public boolean exceeds(Money other) {
    return micros > other.micros;
  }

  public boolean isZero() {
    return micros == 0;
  }

  public static Money max(Money one, Money other) {
    return one.exceeds(other) ? one : other;
  }

  /** Dollars, with two to six decimals. */
  public BigDecimal dollars() {
    BigDecimal exact = BigDecimal.valueOf(micros, DECIMALS).stripTrailingZeros();
    return exact.scale() < 2 ? exact.setScale(2, RoundingMode.UNNECESSARY) : exact;
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(micros, other.micros);
  }

  /** For people: {@code $0.0123}. */
  @Override
  public String toString() {
    return "$" + dollars().toPlainString();
  }
}
