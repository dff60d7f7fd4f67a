package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Money for people. */
final class Dollars {
  private static final int WIDTH = 10;

  private Dollars() {}

  /** {@code $0.0123}, with at least two decimals; {@code -} for no amount. */
  static String of(JsonNode amount) {
    if (!amount.isNumber()) {
      return "-";
    }
    BigDecimal exact = amount.decimalValue().stripTrailingZeros();
    return "$"
        + exact.setScale(Math.max(2, exact.scale()), RoundingMode.UNNECESSARY).toPlainString();
  }

  /**
   * How much of a budget is used, of its hard limit or else of its soft one: {@code ####......
   * 41%}.
   */
  static String bar(JsonNode budget) {
    JsonNode limit = budget.path("hard").isNumber() ? budget.path("hard") : budget.path("soft");
    if (!limit.isNumber() || !budget.path("spent").isNumber()) {
      return "-";
    }
    BigDecimal used =
        budget.path("spent").decimalValue().add(budget.path("reserved").decimalValue());
    BigDecimal of = limit.decimalValue();
    double part = of.signum() == 0 ? 1 : used.doubleValue() / of.doubleValue();
    int full = (int) Math.min(WIDTH, Math.floor(part * WIDTH));
    return "#".repeat(full)
        + ".".repeat(WIDTH - full)
        + " "
        + Math.round(Math.floor(part * 100))
        + "%";
  }
}
