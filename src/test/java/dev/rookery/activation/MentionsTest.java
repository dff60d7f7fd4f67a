package dev.rookery.activation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MentionsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@rook",
        "hey @ROOK!",
        "(@Rook)",
        "@rook.",
        "@rook's turn",
        "@rook-",
        "@rook, @jay",
        "@jay/x @rook\n",
        "👋🏽@rook",
        "❤️@rook",
        "\u200f@rook\u200f",
        "＠ｒｏｏｋ",
        "你好@rook",
        "@rookさん、お願い",
        "@rook에게",
        "@rook\ufe0f",
        "@ @@rook @rook",
        "\ud800@rook\udc00"
      })
  void it_names_rook(String text) {
    assertThat(Mentions.in(text)).contains(Mentions.fold("rook"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rook",
        "@",
        "@rooks",
        "@rook_2",
        "@rook-two",
        "@rook.dev",
        "mail@rook",
        "@rook@example.social",
        "https://example.com/@rook",
        "@rooké",
        "@rook\u0301",
        "@\u200brook",
        "@ro\u200bok",
        "@ rook",
        "@rооk"
      })
  void it_does_not_name_rook(String text) {
    assertThat(Mentions.in(text)).doesNotContain("rook");
  }

  @Test
  void names_beyond_latin_are_names() {
    assertThat(Mentions.in("@Ворона и @κόραξ und @Krähe, @カラス"))
        .contains(
            Mentions.fold("ворона"),
            Mentions.fold("ΚΌΡΑΞ"),
            Mentions.fold("KRÄHE"),
            Mentions.fold("カラス"));
  }

  @Test
  void a_hundred_thousand_signs_are_read() {
    assertThat(Mentions.in("@a".repeat(50_000) + " @rook")).containsExactly("rook");
    assertThat(Mentions.in("@".repeat(100_000))).isEmpty();
  }
}
