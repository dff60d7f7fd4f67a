package dev.rookery.homes;

import dev.rookery.homes.LineReader.Line;
import java.util.ArrayList;
import java.util.List;

/**
 * Some lines of a file.
 *
 * @param first number of the first line, from 1
 * @param lines without their ends; a line longer than {@value #MAX_LINE} bytes is cut, with a note
 * @param more whether the file goes on
 * @param size of the whole file in bytes
 * @param binary whether it is no text; then there are no lines
 */
public record LinePage(long first, List<String> lines, boolean more, long size, boolean binary) {
  static final int MAX_LINE = 4_096;

  /** All lines together, in UTF-16 units. */
  static final int MAX_PAGE = 50_000;

  public LinePage {
    lines = List.copyOf(lines);
  }

  static LinePage read(LineReader in, long first, int count, long size) {
    if (in.looksBinary()) {
      return new LinePage(first, List.of(), false, size, true);
    }
    long number = 1;
    Line line = in.next();
    while (line != null && number < first) {
      number++;
      line = in.next();
    }
    List<String> lines = new ArrayList<>();
    int length = 0;
    while (line != null && lines.size() < count && length < MAX_PAGE) {
      String text = line.cut() ? line.text() + " … [line cut]" : line.text();
      lines.add(text);
      length += text.length();
      line = in.next();
    }
    return new LinePage(first, lines, line != null, size, false);
  }
}
