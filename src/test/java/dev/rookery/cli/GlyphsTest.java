package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlyphsTest {
  @ParameterizedTest
  @CsvSource({
    "abc, 3",
    "'', 0",
    "héllo, 5",
    "日本語, 6",
    "한국, 4",
    "ｆｕｌｌ, 8",
    "👍, 2",
    "👨‍👩‍👧, 2",
    "e\u0301, 1",
    "❤\uFE0F, 2",
    "🇩🇪, 2",
    "a\u200Bb, 2",
    "مرحبا, 5"
  })
  void width_counts_columns_of_the_terminal(String text, int columns) {
    assertThat(Glyphs.width(text)).isEqualTo(columns);
  }

  @Test
  void text_from_outside_cannot_give_orders_to_the_terminal() {
    assertThat(Glyphs.harmless("a\u001b[2Jb\u0007\u009b31m\u202Ec\r\nd\te"))
        .isEqualTo("a[2Jb31mc\nd\te");
  }

  @Test
  void a_line_stays_one_line() {
    assertThat(Glyphs.line(" one\n  two\tthree ")).isEqualTo("one ⏎ two three");
  }

  @Test
  void cutting_never_splits_what_is_drawn_as_one() {
    assertThat(Glyphs.fit("ab👨‍👩‍👧cd", 5)).isEqualTo("ab👨‍👩‍👧…");
    assertThat(Glyphs.fit("日本語", 5)).isEqualTo("日本…");
    assertThat(Glyphs.fit("short", 5)).isEqualTo("short");
  }

  @Test
  void columns_line_up_whatever_the_script() {
    Table table = new Table(List.of("NAME", "STATE", "TEXT"));
    table.add(row("日本語", "done", "x"));
    table.add(row("👍 ok", "failed", "y"));
    table.add(row("plain", "-", "z"));
    List<String> lines = table.lines(new Style(false), 0);
    assertThat(lines)
        .allSatisfy(
            line -> {
              int start = line.length() - (line.endsWith("TEXT") ? 4 : 1);
              assertThat(Glyphs.width(line.substring(0, start))).isEqualTo(16);
            });
  }

  @Test
  void only_the_last_column_is_cut() {
    String id = "run_0199a8b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b";
    Table table = new Table(List.of("ID", "TEXT"));
    table.add(row(id, "w".repeat(200)));
    assertThat(table.lines(new Style(false), 60).getLast())
        .startsWith(id)
        .endsWith("…")
        .hasSize(id.length() + 2 + 20);
  }

  @Test
  void colour_only_underlines_words_that_are_there_anyway() {
    Table table = new Table(List.of("STATE", "X"));
    table.add(
        List.of(new Table.Cell("failed", Style.Tone.BAD), new Table.Cell("x", Style.Tone.PLAIN)));
    String coloured = table.lines(new Style(true), 0).getLast();
    String plain = table.lines(new Style(false), 0).getLast();
    assertThat(coloured).contains("\u001b[31mfailed");
    assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", "")).isEqualTo(plain);
  }

  private static List<Table.Cell> row(String... texts) {
    return List.of(texts).stream().map(t -> new Table.Cell(t, Style.Tone.PLAIN)).toList();
  }
}
