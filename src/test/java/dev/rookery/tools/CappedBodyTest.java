package dev.rookery.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CappedBodyTest {

  @Test
  void a_body_that_fits_is_shown_whole() {
    String text = "ä".repeat(CappedBody.SHOWN / 2);

    assertThat(shown(text)).isEqualTo(text);
    assertThat(shown("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ä", "€", "😀"})
  void a_long_body_is_cut_between_characters_with_a_note(String character) {
    for (int shift = 0; shift < 4; shift++) {
      String text = "x".repeat(shift) + character.repeat(70_000);

      String shown = shown(text);

      String kept = shown.substring(0, shown.indexOf("\n[cut:"));
      assertThat(text).startsWith(kept);
      assertThat(kept.getBytes(StandardCharsets.UTF_8).length)
          .isBetween(CappedBody.SHOWN - 3, CappedBody.SHOWN);
      assertThat(shown).contains("first 64 KiB of " + text.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  @Test
  void bytes_that_are_no_text_do_not_break_anything() {
    byte[] continuations = new byte[CappedBody.SHOWN + 10];
    java.util.Arrays.fill(continuations, (byte) 0x80);

    assertThat(CappedBody.Body.of(continuations).text()).startsWith("\uFFFD").contains("[cut:");
    assertThat(CappedBody.Body.of(new byte[] {'a', 0, 'b'}).text()).isEqualTo("a\uFFFDb");
  }

  private static String shown(String text) {
    return CappedBody.Body.of(text.getBytes(StandardCharsets.UTF_8)).text();
  }
}
