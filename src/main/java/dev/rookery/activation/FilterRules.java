package dev.rookery.activation;

import dev.rookery.kernel.Text;
import java.util.List;

/**
 * Says whether a filter is true for an event. Pure and total: any filter meets any value without an
 * exception. A missing field and a value of another type make every operator false, except {@code
 * ne} (always the negation of {@code eq}) and {@code exists}. Numbers compare numerically, text by
 * code unit and with case; {@code eq} and {@code in} see single values only, lists are for {@code
 * contains}.
 */
public final class FilterRules {
  /** {@code matches} looks at the first so many characters of a text, which bounds its time. */
  static final int MATCHED_TEXT = 131_072;

  private FilterRules() {}

  /** Whether the filter is true for these facts. */
  public static boolean matches(Filter filter, Facts facts) {
    return switch (filter) {
      case Filter.All(var parts) -> parts.stream().allMatch(part -> matches(part, facts));
      case Filter.Any(var parts) -> parts.stream().anyMatch(part -> matches(part, facts));
      case Filter.Not(var part) -> !matches(part, facts);
      case Filter.Equal(var field, var operand) -> same(facts.value(field), operand);
      case Filter.Differs(var field, var operand) -> !same(facts.value(field), operand);
      case Filter.In(var field, var operands) -> has(operands, facts.value(field));
      case Filter.Contains(var field, var operand) -> contains(facts.value(field), operand);
      case Filter.Ordered ordered -> ordered(facts.value(ordered.field()), ordered);
      case Filter.Exists(var field, var wanted) -> exists(facts.value(field)) == wanted;
      case Filter.Matches matches -> found(facts.value(matches.field()), matches);
    };
  }

  private static boolean same(Value value, Value operand) {
    return switch (value) {
      case Value.Text(var text) -> operand instanceof Value.Text(var other) && text.equals(other);
      case Value.Decimal(var number) ->
          operand instanceof Value.Decimal(var other) && number.compareTo(other) == 0;
      case Value.Bool(var truth) -> operand instanceof Value.Bool(var other) && truth == other;
      case Value.ListOf _, Value.Structure _, Value.Missing _ -> false;
    };
  }

  private static boolean has(List<Value> items, Value wanted) {
    return items.stream().anyMatch(item -> same(item, wanted));
  }

  private static boolean contains(Value value, Value operand) {
    return switch (value) {
      case Value.Text(var text) -> operand instanceof Value.Text(var part) && text.contains(part);
      case Value.ListOf(var items) -> has(items, operand);
      case Value.Decimal _, Value.Bool _, Value.Structure _, Value.Missing _ -> false;
    };
  }

  private static boolean ordered(Value value, Filter.Ordered wanted) {
    if (!(value instanceof Value.Decimal(var number))) {
      return false;
    }
    int order = number.compareTo(wanted.operand().number());
    return switch (wanted.order()) {
      case GT -> order > 0;
      case GTE -> order >= 0;
      case LT -> order < 0;
      case LTE -> order <= 0;
    };
  }

  private static boolean exists(Value value) {
    return !(value instanceof Value.Missing);
  }

  private static boolean found(Value value, Filter.Matches wanted) {
    if (!(value instanceof Value.Text(var text))) {
      return false;
    }
    String seen = Text.cut(text, MATCHED_TEXT);
    return wanted.pattern().matcher(seen).find();
  }
}
