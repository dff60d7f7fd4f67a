package dev.rookery.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns. The last column may be cut to fit; no other is, so ids stay whole. */
final class Table {
  private static final String GAP = "  ";
  private static final int LEAST_LAST = 20;

  private final List<String> titles;
  private final List<List<Cell>> rows = new ArrayList<>();

  /** One field, on one line. */
  record Cell(String text, Style.Tone tone) {
    Cell {
      text = Glyphs.line(text);
    }
  }

  Table(List<String> titles) {
    this.titles = List.copyOf(titles);
  }

  void add(List<Cell> row) {
    rows.add(List.copyOf(row));
  }

  /**
   * @param columns of the terminal; 0 when unknown, then nothing is cut
   */
  List<String> lines(Style style, int columns) {
    int[] widths = new int[titles.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(i);
    }
    int before = 0;
    for (int i = 0; i < widths.length - 1; i++) {
      before += widths[i] + GAP.length();
    }
    int last = columns == 0 ? Integer.MAX_VALUE : Math.max(LEAST_LAST, columns - before);
    List<String> lines = new ArrayList<>();
    lines.add(
        line(titles.stream().map(t -> new Cell(t, Style.Tone.DIM)).toList(), widths, last, style));
    rows.forEach(row -> lines.add(line(row, widths, last, style)));
    return lines;
  }

  private int width(int column) {
    int width = Glyphs.width(titles.get(column));
    for (List<Cell> row : rows) {
      width = Math.max(width, Glyphs.width(row.get(column).text()));
    }
    return width;
  }

  private static String line(List<Cell> row, int[] widths, int last, Style style) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      Cell cell = row.get(i);
      if (i == row.size() - 1) {
        line.append(style.paint(Glyphs.fit(cell.text(), last), cell.tone()));
      } else {
        String padding = " ".repeat(widths[i] - Glyphs.width(cell.text()));
        line.append(style.paint(cell.text(), cell.tone())).append(padding).append(GAP);
      }
    }
    return line.toString().stripTrailing();
  }
}
