package dev.rookery.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** How results leave: tables for people, JSON for programs, bare ids for scripts. */
final class Output {
  private final Terminal terminal;
  private final GlobalOptions options;
  private final Style style;
  private final InstantSource clock;

  Output(Terminal terminal, GlobalOptions options, Style style, InstantSource clock) {
    this.terminal = terminal;
    this.options = options;
    this.style = style;
    this.clock = clock;
  }

  /** A column of a list: its title, and the text of an item. */
  record Column(String title, Function<JsonNode, String> text) {
    /** A field as it is; {@code -} when it has no value. */
    static Column field(String title, String name) {
      return new Column(title, item -> Output.text(item, name));
    }
  }

  /** A page of the API: {@code {"items":[…],"next":…}}. */
  void list(JsonNode page, List<Column> columns) {
    JsonNode items = page.path("items");
    if (options.jsonLines()) {
      Fields fields = fields();
      items.forEach(item -> terminal.out().println(Json.write(fields.select(item))));
    } else if (options.json() != null) {
      json(page);
    } else if (options.quiet()) {
      items.forEach(item -> terminal.out().println(item.path("id").asText()));
    } else {
      table(items, columns);
    }
    String next = page.path("next").asText("");
    if (!next.isEmpty() && options.json() == null && !next.equals("null")) {
      note("There are more; go on with --before " + next);
    }
  }

  /** One object; people see what {@code forPeople} prints. */
  void one(JsonNode object, Runnable forPeople) {
    if (options.jsonLines()) {
      terminal.out().println(Json.write(fields().select(object)));
    } else if (options.json() != null) {
      json(object);
    } else if (options.quiet()) {
      terminal.out().println(object.path("id").asText());
    } else {
      forPeople.run();
    }
  }

  /** Whether a program reads the output. */
  boolean forPrograms() {
    return options.json() != null || options.jsonLines();
  }

  void jsonLine(JsonNode value) {
    batch(jsonOf(value) + "\n");
  }

  /** The fields asked for, on one line. */
  String jsonOf(JsonNode value) {
    return Json.write(fields().select(value));
  }

  /**
   * Writes whole lines at once, so that a kill leaves at most one of them incomplete.
   *
   * @return false when nobody reads any more, as with {@code | head}
   */
  boolean batch(String lines) {
    if (!lines.isEmpty()) {
      byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
      terminal.out().write(bytes, 0, bytes.length);
      terminal.out().flush();
    }
    return !terminal.out().checkError();
  }

  private Fields fields() {
    return Fields.of(Objects.requireNonNullElse(options.json(), GlobalOptions.ALL_FIELDS));
  }

  private void json(JsonNode value) {
    JsonNode selected = fields().select(value);
    try {
      terminal
          .out()
          .println(
              terminal.interactive()
                  ? Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(selected)
                  : Json.write(selected));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  void table(Iterable<JsonNode> items, List<Column> columns) {
    Table table = new Table(columns.stream().map(Column::title).toList());
    boolean empty = true;
    for (JsonNode item : items) {
      empty = false;
      table.add(columns.stream().map(column -> cell(column.text().apply(item))).toList());
    }
    if (empty) {
      note("Nothing here yet.");
    } else {
      table.lines(style, columns()).forEach(this::line);
    }
  }

  private static Table.Cell cell(String text) {
    return new Table.Cell(text, Style.Tone.of(text));
  }

  /** Columns of the terminal; 0 when the output goes elsewhere. */
  private int columns() {
    String given = terminal.interactive() ? terminal.env("COLUMNS") : null;
    try {
      return given == null ? 0 : Integer.parseInt(given);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /** Names and values under each other; values that are {@code -} are left out. */
  void facts(List<String[]> facts) {
    int width = facts.stream().mapToInt(f -> Glyphs.width(f[0])).max().orElse(0);
    for (String[] fact : facts) {
      String value = Glyphs.line(fact[1]);
      if (!value.isEmpty() && !value.equals("-")) {
        String padding = " ".repeat(width - Glyphs.width(fact[0]) + 2);
        line(
            style.paint(fact[0], Style.Tone.DIM)
                + padding
                + style.paint(value, Style.Tone.of(value)));
      }
    }
  }

  void heading(String text) {
    line("");
    line(style.paint(text, Style.Tone.STRONG));
  }

  /** Data, on stdout. Text from outside is made harmless by its caller. */
  void line(String text) {
    terminal.out().println(text);
  }

  /** A message, on stderr. */
  void note(String text) {
    terminal.err().println(text);
  }

  String ago(String iso) {
    return Ages.ago(iso, clock.instant(), ZoneId.systemDefault());
  }

  /** A column with a time. */
  Column since(String title, String name) {
    return new Column(title, item -> ago(item.path(name).asText("")));
  }

  /** A field as text: {@code -} when missing, a list with commas. */
  static String text(JsonNode item, String name) {
    JsonNode value = item.path(name);
    if (value.isArray()) {
      StringBuilder joined = new StringBuilder();
      value.forEach(v -> joined.append(joined.isEmpty() ? "" : ", ").append(scalar(v)));
      return joined.isEmpty() ? "-" : joined.toString();
    }
    String text = scalar(value);
    return text.isEmpty() ? "-" : text;
  }

  private static String scalar(JsonNode value) {
    if (value.isBoolean()) {
      return value.asBoolean() ? "yes" : "no";
    }
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    return value.isValueNode() ? value.asText() : Json.write(value);
  }
}
