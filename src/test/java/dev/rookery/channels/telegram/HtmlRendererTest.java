package dev.rookery.channels.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CommonMark as Telegram shows it. */
class HtmlRendererTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      commentCharacter = '%',
      textBlock =
          """
          plain & <b>raw</b>¦plain &amp; &lt;b&gt;raw&lt;/b&gt;
          **bold** and *it*¦<b>bold</b> and <i>it</i>
          ***both***¦<i><b>both</b></i>
          ~~gone~~ not¦<s>gone</s> not
          `a < b`¦<code>a &lt; b</code>
          # Head¦<b>Head</b>
          ## **Bold** head¦<b>Bold head</b>
          [go](https://x.org/?a=1&b="2")¦<a href="https://x.org/?a=1&amp;b=&quot;2&quot;">go</a>
          [no](javascript:alert(1))¦no
          [no](data:text/html,x)¦no
          [no](../relative)¦no
          [](https://x.org)¦<a href="https://x.org">https://x.org</a>
          <https://x.org>¦<a href="https://x.org">https://x.org</a>
          [**b** `c`](HTTPS://x.org)¦<a href="HTTPS://x.org"><b>b</b> <code>c</code></a>
          ![a cat](https://x.org/c.png)¦<a href="https://x.org/c.png">a cat</a>
          [![a cat](https://x.org/c.png)](https://y.org)¦<a href="https://y.org">a cat</a>
          <script>alert(1)</script>¦&lt;script&gt;alert(1)&lt;/script&gt;
          &lt;b&gt; &amp;amp; &copy;¦&lt;b&gt; &amp;amp; ©
          \\*not\\* \\_it\\_¦*not* _it_
          **never closed¦**never closed
          """)
  void inline_markup(String markdown, String html) {
    assertThat(Rendered.of(markdown.replace("\\\\", "\\")).html()).isEqualTo(html);
  }

  private static final String BLOCKS =
      """
      # Title
      First *line*
      second

      - one
      - two
        1. deep
        2. deeper
      - three

      3. c
      4. d

      > quoted **words**
      >
      > > deeper
      ---
      last
      """;

  private static final String BLOCKS_SHOWN =
      """
      <b>Title</b>

      First <i>line</i>
      second

      • one
      • two
        1. deep
        2. deeper
      • three

      3. c
      4. d

      <blockquote>quoted <b>words</b>

      deeper</blockquote>

      ———

      last""";

  @Test
  void blocks_are_set_apart_and_lists_have_bullets() {
    assertThat(Rendered.of(BLOCKS).html()).isEqualTo(BLOCKS_SHOWN);
  }

  @Test
  void code_blocks_keep_their_language_and_every_character() {
    String code = "if (a < b && c) {\n  x = \"&amp;\"; // **no**\n}";
    assertThat(Rendered.of("```java linenos\n" + code + "\n```").html())
        .isEqualTo(
            "<pre><code class=\"language-java\">if (a &lt; b &amp;&amp; c) {\n"
                + "  x = \"&amp;amp;\"; // **no**\n}</code></pre>");
    assertThat(Rendered.of("```\"><b>\nx\n```").html()).isEqualTo("<pre>x</pre>");
    assertThat(Rendered.of("    indented\n      more").html())
        .isEqualTo("<pre>indented\n  more</pre>");
    assertThat(Rendered.of("a\n\n```\n```\n\nb").html()).isEqualTo("a\n\nb");
  }

  @Test
  void the_text_is_what_remains_of_the_html() {
    Rendered rendered = Rendered.of("# A\n\n**b** & [c](https://x.org)\n- d\n- `e<`");
    assertThat(rendered.text()).isEqualTo("A\n\nb & c\n\n• d\n• e<");
  }

  @Test
  void a_lone_angle_bracket_is_a_character() {
    assertThat(Rendered.of("a < b <c d> <me@x.org> <mailto:x@y> <x:>").html())
        .isEqualTo(
            "a &lt; b &lt;c d&gt; <a href=\"mailto:me@x.org\">me@x.org</a>"
                + " <a href=\"mailto:x@y\">mailto:x@y</a> &lt;x:&gt;");
  }

  @Test
  void what_renders_to_nothing_is_shown_as_it_is() {
    assertThat(Rendered.of("[1]: https://x.org").text()).isEqualTo("[1]: https://x.org");
    assertThat(Rendered.of("```\n```").text()).isEqualTo("```\n```");
  }

  @Test
  void text_of_any_script_passes_unchanged() {
    String text = "שלום \u202Eabc\u202C a\u200Bb 👩‍👩‍👧 e\u0301 \uFEFF";
    assertThat(Rendered.of(text).text()).isEqualTo(text.stripTrailing());
  }

  @Test
  void hostile_markdown_is_rendered_fast_and_flat() {
    List<String> bombs =
        List.of(
            ">".repeat(100_000),
            "> ".repeat(50_000) + "x",
            "- ".repeat(50_000) + "x",
            "1. ".repeat(30_000) + "x",
            "*a ".repeat(33_000),
            "**a *b ".repeat(14_000),
            "*a **b ".repeat(7_000) + "c** d*".repeat(7_000),
            "[".repeat(100_000),
            "[a](".repeat(25_000),
            "![[]()".repeat(16_000),
            "`".repeat(100_000),
            "`a``b```c".repeat(11_000),
            "<".repeat(100_000),
            "<a ".repeat(33_000),
            "&".repeat(100_000),
            "~~a ".repeat(25_000),
            "a\n".repeat(50_000),
            "- a\n".repeat(25_000),
            "|".repeat(100_000),
            "\t".repeat(100_000) + "x");
    for (String bomb : bombs) {
      assertTimeout(
          Duration.ofSeconds(10),
          () -> assertThat(Rendered.of(bomb).html()).isNotBlank(),
          () -> bomb.substring(0, 8));
    }
  }
}
