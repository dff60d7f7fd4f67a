package dev.rookery.activation;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** JSON as filters see it. Total: every node has a value. */
final class PayloadValues {
  private PayloadValues() {}

  static Value at(JsonNode payload, Field.Payload field) {
    JsonNode node = payload.at(JsonPointer.compile(field.pointer()));
    return node.isArray() ? list(node) : of(node);
  }

  /** The value of one node; a list within a list is a structure, no operator looks into it. */
  static Value of(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> new Value.Text(node.textValue());
      case BOOLEAN -> new Value.Bool(node.booleanValue());
      case NUMBER -> number(node);
      case NULL, MISSING -> new Value.Missing();
      case ARRAY, OBJECT, BINARY, POJO -> new Value.Structure();
    };
  }

  /** A number beyond the range of a double was read as infinite: there, but not comparable. */
  private static Value number(JsonNode node) {
    boolean infinite = node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue());
    return infinite && !node.isBigDecimal()
        ? new Value.Structure()
        : new Value.Decimal(node.decimalValue());
  }

  private static Value list(JsonNode array) {
    List<Value> items = new ArrayList<>(array.size());
    array.forEach(item -> items.add(of(item)));
    return new Value.ListOf(items);
  }
}
