package dev.rookery.activation;

import com.google.re2j.Pattern;
import dev.rookery.kernel.Text;
import java.util.List;

/** Reads one filter; counts its nodes and the size of its patterns on the way. Used once. */
final class FilterReading {
  static final int MAX_DEPTH = 16;
  static final int MAX_NODES = 256;
  private static final int MAX_TEXT = 2_000;
  private static final int MAX_POINTER = 512;
  private static final List<String> GROUPS = List.of("all", "any", "not");
  private static final List<String> SHAPES = List.of("all", "any", "not", "field", "op", "value");
  private static final List<String> RULE = List.of("field", "op", "value");
  private static final List<String> OPERATORS =
      List.of("eq", "ne", "in", "contains", "gt", "gte", "lt", "lte", "exists", "matches");

  private int nodes;
  private int program;

  Filter filter(JsonSpot spot, int depth) {
    if (depth > MAX_DEPTH) {
      throw spot.refuse("filter-too-deep", "a filter nests at most " + MAX_DEPTH + " levels.");
    }
    nodes++;
    if (nodes > MAX_NODES) {
      throw spot.refuse("filter-too-large", "a filter has at most " + MAX_NODES + " parts.");
    }
    spot.onlyFields(SHAPES);
    for (String group : GROUPS) {
      JsonSpot parts = spot.field(group);
      if (parts != null) {
        spot.onlyFields(List.of(group));
        return group(group, parts, depth + 1);
      }
    }
    return rule(spot.onlyFields(RULE));
  }

  private Filter group(String name, JsonSpot spot, int depth) {
    if (name.equals("not")) {
      return new Filter.Not(filter(spot, depth));
    }
    List<Filter> parts = spot.items(MAX_NODES).stream().map(part -> filter(part, depth)).toList();
    if (parts.isEmpty()) {
      throw spot.refuse("bad-value", "expected at least one filter in the list.");
    }
    return name.equals("all") ? new Filter.All(parts) : new Filter.Any(parts);
  }

  private Filter rule(JsonSpot spot) {
    Field field = field(spot.required("field"));
    JsonSpot op = spot.required("op");
    String operator = op.text(100);
    JsonSpot value = spot.required("value");
    return switch (operator) {
      case "eq" -> new Filter.Equal(field, scalar(value));
      case "ne" -> new Filter.Differs(field, scalar(value));
      case "in" -> new Filter.In(field, scalars(value));
      case "contains" -> new Filter.Contains(field, scalar(value));
      case "gt", "gte", "lt", "lte" ->
          new Filter.Ordered(field, FilterCodec.order(operator), number(value));
      case "exists" -> new Filter.Exists(field, value.bool());
      case "matches" -> new Filter.Matches(field, pattern(value));
      default -> throw op.unknown("operator", operator, OPERATORS);
    };
  }

  private static Field field(JsonSpot spot) {
    String spelled = spot.text(MAX_POINTER);
    if (spelled.equals(Field.Payload.PREFIX) || spelled.startsWith(Field.Payload.PREFIX + "/")) {
      String pointer = spelled.substring(Field.Payload.PREFIX.length());
      if (pointer.replace("~0", "").replace("~1", "").indexOf('~') >= 0) {
        throw spot.refuse("bad-value", "in a JSON pointer ~ is written ~0, and / in a name ~1.");
      }
      return new Field.Payload(pointer);
    }
    Field.Envelope field = Field.Envelope.of(spelled);
    if (field == null) {
      throw spot.refuse(
          "unknown-field",
          "there is no field '%s'. Allowed: %s, and JSON pointers into the payload as /payload/…"
              .formatted(Text.brief(spelled, 60), String.join(", ", FilterCodec.envelopeNames())));
    }
    return field;
  }

  private static List<Value> scalars(JsonSpot spot) {
    List<Value> values = spot.items(MAX_NODES).stream().map(FilterReading::scalar).toList();
    if (values.isEmpty()) {
      throw spot.refuse("bad-value", "expected at least one value in the list.");
    }
    return values;
  }

  private static Value scalar(JsonSpot spot) {
    return switch (spot.node().getNodeType()) {
      case STRING -> new Value.Text(spot.text(MAX_TEXT));
      case BOOLEAN -> new Value.Bool(spot.bool());
      case NUMBER -> number(spot);
      case OBJECT, ARRAY, NULL, MISSING, BINARY, POJO ->
          throw spot.refuse(
              "bad-value", "expected text, a number, true or false; found " + spot.found() + ".");
    };
  }

  private static Value.Decimal number(JsonSpot spot) {
    if (PayloadValues.of(spot.node()) instanceof Value.Decimal decimal) {
      return decimal;
    }
    throw spot.refuse("bad-value", "expected a number, found " + spot.found() + ".");
  }

  private Pattern pattern(JsonSpot spot) {
    Pattern pattern = UserPattern.compile(spot);
    program += pattern.programSize();
    if (program > UserPattern.MAX_PROGRAM) {
      throw UserPattern.refuse(spot, "the patterns of this filter are too large together.");
    }
    return pattern;
  }
}
