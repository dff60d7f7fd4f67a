package dev.rookery.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured figure: the median of its rounds, with the spread.
 *
 * @param note why there is no figure; null when there is one
 */
record Figure(
    String name,
    double value,
    double min,
    double max,
    String unit,
    @Nullable Aim aim,
    @Nullable String note) {

  /** What a figure shall reach: at least a number, or at most. */
  sealed interface Aim {
    double bound();

    record AtLeast(double bound) implements Aim {}

    record AtMost(double bound) implements Aim {}
  }

  static Figure of(String name, List<Double> rounds, String unit, @Nullable Aim aim) {
    double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double middle = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Figure(
        name, middle, sorted[0], Arrays.stream(sorted).max().orElseThrow(), unit, aim, null);
  }

  static Figure notRun(String name, String unit, @Nullable Aim aim, String note) {
    return new Figure(name, 0, 0, 0, unit, aim, note);
  }

  /** Null when there is nothing to reach, or no figure. */
  @Nullable Boolean ok() {
    if (note != null) {
      return null;
    }
    return switch (aim) {
      case null -> null;
      case Aim.AtLeast(double bound) -> value >= bound;
      case Aim.AtMost(double bound) -> value <= bound;
    };
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("name", name);
    if (note == null) {
      json.put("value", rounded(value)).put("unit", unit);
      json.put("min", rounded(min)).put("max", rounded(max));
    } else {
      json.putNull("value").put("unit", unit).put("note", note);
    }
    switch (aim) {
      case null -> json.putNull("aim");
      case Aim.AtLeast(double bound) -> json.put("aim", bound).put("aim_is", "at_least");
      case Aim.AtMost(double bound) -> json.put("aim", bound).put("aim_is", "at_most");
    }
    return json.put("ok", ok());
  }

  private static double rounded(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }

  /** Name, median, spread, aim and verdict, for people. */
  List<String> cells() {
    if (note != null) {
      return List.of(name, "not run", note, aimText(), "");
    }
    Boolean ok = ok();
    return List.of(
        name,
        text(value) + " " + unit,
        text(min) + " … " + text(max),
        aimText(),
        ok == null ? "" : ok ? "yes" : "no");
  }

  private String aimText() {
    return switch (aim) {
      case null -> "";
      case Aim.AtLeast(double bound) -> "≥ " + text(bound);
      case Aim.AtMost(double bound) -> "≤ " + text(bound);
    };
  }

  private static String text(double value) {
    String form = Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }
}
