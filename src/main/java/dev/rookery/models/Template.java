package dev.rookery.models;

import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with places like {@code {{last_user_text}}} or {@code {{last_user_text|200}}}, the latter
 * cut to so many characters. What is put in is not read again, so a user cannot write places.
 */
record Template(List<Part> parts) {
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{\\s*([A-Za-z0-9_]+)\\s*(?:\\|\\s*([1-9][0-9]{1,5})\\s*)?}}");

  Template {
    parts = List.copyOf(parts);
  }

  sealed interface Part {
    record Literal(String text) implements Part {}

    /**
     * @param limit characters; 0 = no limit
     */
    record Place(String name, int limit) implements Part {}
  }

  static Template parse(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = PLACE.matcher(text);
    int from = 0;
    while (matcher.find()) {
      parts.add(new Part.Literal(text.substring(from, matcher.start())));
      String limit = matcher.group(2);
      parts.add(new Part.Place(matcher.group(1), limit == null ? 0 : Integer.parseInt(limit)));
      from = matcher.end();
    }
    parts.add(new Part.Literal(text.substring(from)));
    return new Template(parts);
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Part part : parts) {
      if (part instanceof Part.Place(var name, _)) {
        names.add(name);
      }
    }
    return names;
  }

  String render(UnaryOperator<String> values) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(
          switch (part) {
            case Part.Literal(var literal) -> literal;
            case Part.Place(var name, var limit) -> {
              String value = values.apply(name);
              yield limit == 0 ? value : Text.brief(value, limit);
            }
          });
    }
    return text.toString();
  }
}
