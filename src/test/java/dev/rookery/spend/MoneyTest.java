package dev.rookery.spend;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.models.ModelAnswer.Usage;
import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MoneyTest {
  @ParameterizedTest
  @CsvSource({
    "1.00, 1000000, $1.00",
    "0.0123, 12300, $0.0123",
    "$3, 3000000, $3.00",
    "0.000001, 1, $0.000001",
    "0, 0, $0.00",
    "10.5, 10500000, $10.50",
    "1000000000, 1000000000000000, $1000000000.00"
  })
  void an_amount_is_read_and_shown_exactly(String text, long micros, String shown) {
    assertThat(Money.parse(text)).isEqualTo(new Money(micros)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "1.",
        ".5",
        "1,00",
        "1e3",
        "0.0000001",
        "1000000000.01",
        "99999999999",
        "٣",
        "1 000",
        "NaN",
        "$",
        "$$1"
      })
  void what_is_no_amount_is_refused(String text) {
    refused("bad-money", () -> Money.parse(text));
  }

  @Test
  void a_sum_that_does_not_fit_is_an_error() {
    assertThatThrownBy(() -> new Money(Long.MAX_VALUE).plus(new Money(1)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Money(-1)).isInstanceOf(IllegalArgumentException.class);
    Price.PerToken dear = new Price.PerToken(Money.MOST, Money.MOST);
    assertThatThrownBy(() -> dear.of(new Usage(Long.MAX_VALUE, 0, 0, 0)))
        .isInstanceOf(ArithmeticException.class);
    refused("bad-money", () -> Money.of(new BigDecimal("-0.01")));
    refused("bad-money", () -> Money.of(new BigDecimal("1e300")));
  }

  @Property(tries = 200)
  void what_is_shown_is_read_back(
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long micros) {
    Money money = new Money(micros);
    assertThat(Money.parse(money.toString())).isEqualTo(money);
    assertThat(Money.of(money.dollars())).isEqualTo(money);
  }

  @Property(tries = 200)
  void tokens_never_cost_more_than_the_most_they_may(
      @ForAll @LongRange(min = 0, max = 1_000_000) long input,
      @ForAll @LongRange(min = 0, max = 1_000_000) long cached,
      @ForAll @LongRange(min = 0, max = 100_000) long output) {
    Price.PerToken price =
        new Price.PerToken(
            new Money(3_000_000), new Money(15_000_001), new Money(299_999), new Money(3_750_000));
    Money cost = price.of(new Usage(input, output, cached / 2, cached - cached / 2));
    assertThat(cost).isLessThanOrEqualTo(price.atMost(input + cached, output));
  }
}
