package dev.rookery.channels.telegram;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Link definitions of a reply, such as {@code [1]: https://…}, each sent along where it is used.
 */
record Definitions(List<String> lines) {
  private static final int MOST = 50;

  List<String> addTo(List<String> parts) {
    if (lines.isEmpty() || lines.size() > MOST) {
      return parts;
    }
    List<String> completed = new ArrayList<>();
    for (String part : parts) {
      String with = part + used(part);
      completed.add(Rendered.of(with).fits() ? with : part);
    }
    return completed;
  }

  private String used(String part) {
    String lower = part.toLowerCase(Locale.ROOT);
    StringBuilder used = new StringBuilder();
    for (String line : lines) {
      int end = line.indexOf("]:");
      if (end > 0 && lower.contains(line.substring(0, end + 1).toLowerCase(Locale.ROOT))) {
        used.append(used.isEmpty() ? "\n\n" : "\n").append(line);
      }
    }
    return used.toString();
  }
}
