package dev.rookery.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;

/** What a bench found, in the order of finding. */
final class Report {
  private static final List<String> TITLES = List.of("figure", "median", "spread", "aim", "ok");

  private final String bench;
  private final Hardware machine;
  private final List<Figure> figures = new ArrayList<>();

  Report(String bench, Hardware machine) {
    this.bench = bench;
    this.machine = machine;
  }

  void add(Figure figure) {
    figures.add(figure);
  }

  /** {@code {bench, machine, rows: [{name, value, unit, min, max, aim, ok}]}} (spec 08). */
  ObjectNode json() {
    ObjectNode json = Json.object().put("bench", bench);
    json.set("machine", machine.json());
    var rows = json.putArray("rows");
    figures.forEach(figure -> rows.add(figure.json()));
    return json;
  }

  /** A table for people. */
  List<String> lines() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    figures.forEach(figure -> rows.add(figure.cells()));
    int[] widths = new int[TITLES.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add("bench " + bench + " on " + machine.sentence());
    lines.add("");
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
    }
    return line.toString().stripTrailing();
  }
}
