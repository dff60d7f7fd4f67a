package dev.rookery.activation;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a filter finds in a field. */
public sealed interface Value {
  /** Text, as it came. */
  record Text(String text) implements Value {}

  /** A number; 1 and 1.0 are the same to every operator. */
  record Decimal(BigDecimal number) implements Value {
    public Decimal {
      number = number.stripTrailingZeros();
    }
  }

  /** True or false. */
  record Bool(boolean truth) implements Value {}

  /** A JSON array. */
  record ListOf(List<Value> items) implements Value {
    public ListOf {
      items = List.copyOf(items);
    }
  }

  /** There, but not comparable: a JSON object. Only {@code exists} sees it. */
  record Structure() implements Value {}

  /** Not there, or JSON null. */
  record Missing() implements Value {}

  /** Text, or missing when null. */
  static Value text(@Nullable String text) {
    return text == null ? new Missing() : new Text(text);
  }
}
