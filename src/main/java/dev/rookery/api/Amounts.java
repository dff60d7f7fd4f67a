package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.spend.Money;
import org.jspecify.annotations.Nullable;

/** Money as the API spells it: US dollars as a decimal number, or as a text of one. */
final class Amounts {
  private Amounts() {}

  static void put(ObjectNode json, String field, @Nullable Money money) {
    if (money == null) {
      json.putNull(field);
    } else {
      json.set(field, DecimalNode.valueOf(money.dollars()));
    }
  }

  /**
   * Null when absent.
   *
   * @throws dev.rookery.kernel.Refusal {@code bad-money}
   */
  static @Nullable Money read(Fields body, String field) {
    if (!body.has(field)) {
      return null;
    }
    JsonNode value = body.json().path(field);
    return value.isNumber() && Double.isFinite(value.doubleValue())
        ? Money.of(value.decimalValue())
        : Money.parse(value.asText());
  }

  static Money read(Fields body, String field, Money otherwise) {
    Money given = read(body, field);
    return given == null ? otherwise : given;
  }
}
