package dev.rookery.activation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Filter.Order;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Filters to and from JSON, in the spelling that {@link Filter} shows. What is written reads back
 * equal.
 */
final class FilterCodec {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MAX_PLAIN_DIGITS = 30;

  private FilterCodec() {}

  /**
   * @throws Refusal with the JSON pointer of the place: {@code unknown-field}, {@code
   *     unknown-operator}, {@code bad-value}, {@code bad-pattern}, {@code filter-too-deep}, {@code
   *     filter-too-large}
   */
  static Filter read(JsonSpot spot) {
    return new FilterReading().filter(spot, 1);
  }

  static ObjectNode write(Filter filter) {
    return switch (filter) {
      case Filter.All(var parts) -> group("all", parts);
      case Filter.Any(var parts) -> group("any", parts);
      case Filter.Not(var part) -> Json.object().set("not", write(part));
      case Filter.Equal(var field, var operand) -> rule(field, "eq", value(operand));
      case Filter.Differs(var field, var operand) -> rule(field, "ne", value(operand));
      case Filter.In(var field, var operands) -> rule(field, "in", list(operands));
      case Filter.Contains(var field, var operand) -> rule(field, "contains", value(operand));
      case Filter.Ordered(var field, var order, var operand) ->
          rule(field, order.name().toLowerCase(Locale.ROOT), value(operand));
      case Filter.Exists(var field, var wanted) -> rule(field, "exists", NODES.booleanNode(wanted));
      case Filter.Matches(var field, var pattern) ->
          rule(field, "matches", NODES.textNode(pattern.pattern()));
    };
  }

  private static ObjectNode group(String name, List<Filter> parts) {
    ArrayNode list = NODES.arrayNode();
    parts.forEach(part -> list.add(write(part)));
    return Json.object().set(name, list);
  }

  private static ObjectNode rule(Field field, String operator, JsonNode value) {
    return Json.object().put("field", field.spelled()).put("op", operator).set("value", value);
  }

  private static ArrayNode list(List<Value> values) {
    ArrayNode list = NODES.arrayNode();
    values.forEach(value -> list.add(value(value)));
    return list;
  }

  private static JsonNode value(Value value) {
    return switch (value) {
      case Value.Text(var text) -> NODES.textNode(text);
      case Value.Decimal(var number) -> number(number);
      case Value.Bool(var truth) -> NODES.booleanNode(truth);
      case Value.ListOf(var items) -> list(items);
      case Value.Structure _ -> Json.object();
      case Value.Missing _ -> NODES.nullNode();
    };
  }

  private static JsonNode number(BigDecimal number) {
    boolean plain = number.scale() <= 0 && number.precision() - number.scale() <= MAX_PLAIN_DIGITS;
    return plain ? NODES.numberNode(number.toBigInteger()) : NODES.numberNode(number);
  }

  /** The names of all envelope fields, for messages. */
  static List<String> envelopeNames() {
    return Arrays.stream(Field.Envelope.values()).map(Field.Envelope::spelled).toList();
  }

  static Order order(String operator) {
    return Order.valueOf(operator.toUpperCase(Locale.ROOT));
  }
}
