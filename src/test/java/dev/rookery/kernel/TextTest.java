package dev.rookery.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class TextTest {
  @Test
  void lone_surrogates_and_nul_become_the_replacement_character() {
    assertThat(Text.clean("a\uD83Db\uDE00c\0d")).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd");
  }

  @Test
  void whole_characters_right_to_left_and_zero_width_stay() {
    String text = "😀 שלום \u200D\u200F e\u0301";

    assertThat(Text.clean(text)).isSameAs(text);
  }

  @Test
  void a_cut_never_splits_a_surrogate_pair() {
    assertThat(Text.cut("ab😀", 3)).isEqualTo("ab");
    assertThat(Text.brief("ab😀cd", 4)).isEqualTo("ab…");
  }

  @Property(tries = 300)
  void cleaned_text_survives_utf_8_and_is_clean(
      @ForAll @CharRange(from = '\uD780', to = '\uE080') @StringLength(max = 40) String text,
      @ForAll @IntRange(min = 1, max = 40) int max) {
    String clean = Text.clean(text);
    byte[] bytes = clean.getBytes(StandardCharsets.UTF_8);

    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(clean);
    assertThat(Text.clean(clean)).isEqualTo(clean);
    assertThat(Text.clean(Text.cut(clean, max))).isEqualTo(Text.cut(clean, max));
  }
}
