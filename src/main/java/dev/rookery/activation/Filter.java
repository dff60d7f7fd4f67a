package dev.rookery.activation;

import com.google.re2j.Pattern;
import java.util.List;

/**
 * A condition on events (spec 01, rule language). In JSON one of
 *
 * <pre>
 * {"all": [filter, …]}   {"any": [filter, …]}   {"not": filter}
 * {"field": "actor.kind", "op": "eq", "value": "person"}
 * {"field": "/payload/issue/labels", "op": "contains", "value": "bug"}
 * </pre>
 *
 * Fields are those of {@link Field}: envelope names, and {@code /payload/…} for JSON pointers into
 * the payload. What each operator means is in {@link FilterRules}.
 */
public sealed interface Filter {
  /** True when every part is. */
  record All(List<Filter> parts) implements Filter {
    public All {
      parts = List.copyOf(parts);
    }
  }

  /** True when at least one part is. */
  record Any(List<Filter> parts) implements Filter {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /** True when the part is not. */
  record Not(Filter part) implements Filter {}

  /** The field equals the operand. */
  record Equal(Field field, Value operand) implements Filter {}

  /** The negation of {@link Equal}: true for a missing field and for another type too. */
  record Differs(Field field, Value operand) implements Filter {}

  /** The field equals one of the operands. */
  record In(Field field, List<Value> operands) implements Filter {
    public In {
      operands = List.copyOf(operands);
    }
  }

  /** Text contains the operand's text; a list has an element that equals the operand. */
  record Contains(Field field, Value operand) implements Filter {}

  /** The field is a number in this order to the operand. */
  record Ordered(Field field, Order order, Value.Decimal operand) implements Filter {}

  /** The field is there, or is not. */
  record Exists(Field field, boolean wanted) implements Filter {}

  /** The pattern is found somewhere in the field's text. Linear time (RE2), compiled once. */
  record Matches(Field field, Pattern pattern) implements Filter {}

  /** The order that {@code gt gte lt lte} ask for. */
  enum Order {
    GT,
    GTE,
    LT,
    LTE
  }
}
