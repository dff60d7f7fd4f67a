package dev.rookery.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class TerminalTextTest {
  @Test
  void what_steers_a_terminal_is_taken_out() {
    assertThat(TerminalText.clean("a\u001b[31;1mred\u001b[0m")).isEqualTo("ared");
    assertThat(TerminalText.clean("a\u001b]0;title\u0007b")).isEqualTo("ab");
    assertThat(TerminalText.clean("a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\"))
        .isEqualTo("alink");
    assertThat(TerminalText.clean("a\u001bPq#0\u001b\\b\u009b2Jc")).isEqualTo("abc");
    assertThat(TerminalText.clean("a\u001b(Bb\u001b=c")).isEqualTo("abc");
    assertThat(TerminalText.clean("a\bb\u0000c\u007f")).isEqualTo("abc");
  }

  @Test
  void marks_that_hide_or_turn_text_are_shown() {
    assertThat(TerminalText.clean("a\u202eb\u200bc")).isEqualTo("a\ufffdb\ufffdc");
  }

  @Test
  void a_line_that_was_written_over_shows_as_it_stood_last() {
    assertThat(TerminalText.clean("10%\r20%\r30%\nnext")).isEqualTo("30%\nnext");
    assertThat(TerminalText.clean("line\r")).isEqualTo("line");
  }

  @Test
  void lines_and_tabs_stay() {
    assertThat(TerminalText.clean("a\tb\r\nc\n\nd\n")).isEqualTo("a\tb\nc\n\nd\n");
    assertThat(TerminalText.clean("")).isEmpty();
  }

  @Test
  void an_escape_that_never_ends_does_not_swallow_for_ever() {
    assertThat(TerminalText.clean("a\u001b")).isEqualTo("a");
    assertThat(TerminalText.clean("a\u001b[")).isEqualTo("a");
    TerminalText.clean("\u001b]".repeat(200_000));
    TerminalText.clean("\u001b]" + "x".repeat(2_000_000));
  }

  @Test
  void what_is_no_utf8_is_replaced() {
    assertThat(TerminalText.clean(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3}))
        .isEqualTo("a\ufffdb\ufffd");
  }

  @Test
  void the_tail_keeps_the_end_and_says_what_is_missing() {
    OutputTail tail = new OutputTail(10);
    write(tail, "0123456789");
    assertThat(tail.text()).isEqualTo("0123456789");

    write(tail, "abc");

    assertThat(tail.text()).isEqualTo("[3 bytes before this are left out]\n3456789abc");
    assertThat(tail.total()).isEqualTo(13);
  }

  @Test
  void the_tail_never_begins_inside_a_character() {
    OutputTail tail = new OutputTail(8);
    write(tail, "€€€");

    assertThat(tail.text()).isEqualTo("[3 bytes before this are left out]\n€€");
  }

  @Test
  void the_tail_is_the_same_however_the_bytes_arrive() {
    Random random = new Random(7);
    byte[] all = new byte[5_000];
    random.nextBytes(all);
    OutputTail pieces = new OutputTail(512);
    for (int at = 0; at < all.length; ) {
      int n = Math.min(all.length - at, 1 + random.nextInt(700));
      byte[] piece = java.util.Arrays.copyOfRange(all, at, at + n);
      pieces.write(piece, n);
      at += n;
    }
    OutputTail whole = new OutputTail(512);
    whole.write(all, all.length);

    assertThat(pieces.text()).isEqualTo(whole.text());
  }

  private static void write(OutputTail tail, String text) {
    tail.write(text.getBytes(UTF_8), text.getBytes(UTF_8).length);
  }
}
