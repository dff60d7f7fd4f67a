package dev.rookery.channels.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.text.BreakIterator;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long replies, cut where people would cut them. */
class MessagePartsTest {
  private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";

  @Test
  void a_short_reply_stays_as_it_is() {
    assertThat(MessageParts.of("Hello **you**\n")).containsExactly("Hello **you**");
    assertThat(MessageParts.of("x".repeat(4096))).containsExactly("x".repeat(4096));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\n\t\r\n"})
  void nothing_is_one_empty_part(String nothing) {
    assertThat(MessageParts.of(nothing)).containsExactly("");
  }

  @Test
  void the_limit_counts_the_text_and_not_the_markup() {
    String link = "[word](https://example.org/a/rather/long/path) ";
    String markdown = link.repeat(300);
    assertThat(markdown).hasSizeGreaterThan(12_000);
    assertThat(MessageParts.of(markdown)).hasSize(1);
    assertThat(MessageParts.of("&".repeat(4096))).hasSize(1);
  }

  @Test
  void paragraphs_are_kept_whole() {
    String paragraph = SENTENCE.repeat(30).strip();
    String markdown = String.join("\n\n", List.of(paragraph, paragraph, paragraph, paragraph));
    List<String> parts = MessageParts.of(markdown);
    assertThat(parts).hasSize(2).allSatisfy(MessagePartsTest::fits);
    assertThat(String.join("\n\n", parts)).isEqualTo(markdown);
  }

  @Test
  void code_is_cut_between_lines_and_its_fence_opened_again() {
    String line = "println(\"value: \" + value) // ```\n";
    String markdown = "Before\n\n````kotlin\n" + line.repeat(400) + "````\n\nAfter";
    List<String> parts = MessageParts.of(markdown);
    assertThat(parts).hasSizeGreaterThan(3).allSatisfy(MessagePartsTest::fits);
    for (String part : parts.subList(1, parts.size() - 1)) {
      assertThat(part).startsWith("````kotlin\nprintln").endsWith("// ```\n````");
      assertThat(Rendered.of(part).html()).startsWith("<pre><code class=\"language-kotlin\">");
    }
    assertThat(parts.getLast()).endsWith("After");
    long lines = parts.stream().flatMap(String::lines).filter(l -> l.startsWith("println")).count();
    assertThat(lines).isEqualTo(400);
  }

  @Test
  void lists_are_cut_between_items_and_keep_their_numbers() {
    String markdown =
        IntStream.rangeClosed(1, 300)
            .mapToObj(i -> i + ". " + SENTENCE.strip())
            .collect(Collectors.joining("\n"));
    List<String> parts = MessageParts.of(markdown);
    assertThat(parts).allSatisfy(MessagePartsTest::fits);
    assertThat(String.join("\n", parts)).isEqualTo(markdown);
    String second = Rendered.of(parts.get(1)).text();
    assertThat(second).startsWith(parts.get(1).substring(0, parts.get(1).indexOf('.') + 1));
  }

  @Test
  void a_list_that_counts_by_itself_goes_on_counting() {
    String markdown = ("1. " + SENTENCE.strip() + "\n   - deeper\n").repeat(120);
    List<String> parts = MessageParts.of(markdown);
    assertThat(parts).hasSizeGreaterThan(1).allSatisfy(MessagePartsTest::fits);
    String text =
        parts.stream().map(part -> Rendered.of(part).text()).collect(Collectors.joining("\n"));
    assertThat(text).isEqualTo(Rendered.of(markdown).text());
  }

  @Test
  void an_item_that_is_too_long_gives_up_only_its_own_wholeness() {
    String markdown =
        "- short\n- "
            + SENTENCE.repeat(150).strip()
            + "\n\n  ```sh\n  "
            + "ls -l\n  ".repeat(900)
            + "```\n- end";
    List<String> parts = MessageParts.of(markdown);
    assertThat(parts).allSatisfy(MessagePartsTest::fits);
    assertThat(parts.getFirst()).startsWith("- short\n- The quick");
    assertThat(parts.getLast()).endsWith("- end");
    assertThat(parts).anyMatch(part -> part.startsWith("```sh\nls -l"));
  }

  @Test
  void a_long_quotation_stays_a_quotation() {
    String markdown = ("> " + SENTENCE.repeat(40).strip() + "\n>\n").repeat(6);
    assertThat(MessageParts.of(markdown))
        .hasSizeGreaterThan(1)
        .allSatisfy(MessagePartsTest::fits)
        .allSatisfy(part -> assertThat(part).startsWith("> The").doesNotContain("\n\nThe"));
  }

  @Test
  void long_paragraphs_are_cut_at_lines_then_sentences_then_words() {
    String lines = (SENTENCE.repeat(3).strip() + "\n").repeat(100);
    assertThat(MessageParts.of(lines))
        .allSatisfy(part -> assertThat(part).startsWith("The").endsWith("dog."));
    String sentences = SENTENCE.repeat(400);
    assertThat(MessageParts.of(sentences))
        .allSatisfy(part -> assertThat(part).startsWith("The quick").endsWith("lazy dog."));
    String words = "word ".repeat(4000);
    assertThat(MessageParts.of(words))
        .allSatisfy(part -> assertThat(part).startsWith("word").endsWith("word"));
  }

  @Test
  void bold_links_and_references_are_not_cut_in_the_middle() {
    String words = "alpha beta gamma ";
    String link = "[the long name of a link](https://example.org/path) ";
    String markdown = (words.repeat(9) + "**" + words.repeat(9) + "end** " + link).repeat(40);
    List<String> parts = MessageParts.of(markdown);
    assertThat(parts).hasSizeGreaterThan(2).allSatisfy(MessagePartsTest::fits);
    for (String part : parts) {
      assertThat(Rendered.of(part).text()).doesNotContain("**").doesNotContain("](");
    }
    for (String part : MessageParts.of("&amp;".repeat(5000))) {
      assertThat(Rendered.of(part).text()).matches("&+");
    }
  }

  @Test
  void no_part_begins_or_ends_inside_a_character() {
    for (String character : List.of("😀", "👩‍👩‍👧‍👦", "e\u0301\u0323", "🇩🇪", "각", "👍🏽")) {
      List<String> parts = MessageParts.of("x" + character.repeat(12_000 / character.length()));
      assertThat(parts).hasSizeGreaterThan(2).allSatisfy(MessagePartsTest::fits);
      int sum = parts.stream().mapToInt(MessagePartsTest::characters).sum();
      assertThat(sum).as(character).isEqualTo(1 + 12_000 / character.length());
    }
  }

  @Test
  void a_single_character_longer_than_a_message_is_still_sent() {
    List<String> parts = MessageParts.of("a" + "\u0301".repeat(10_000));
    assertThat(parts).allSatisfy(MessagePartsTest::fits);
    assertThat(String.join("", parts)).hasSize(10_001);
  }

  @Test
  void link_definitions_follow_the_parts_that_use_them() {
    String markdown =
        SENTENCE.repeat(80)
            + "[Docs][d]\n\n"
            + SENTENCE.repeat(80)
            + "[Else]\n\n[d]: https://d.org\n[else]: https://e.org";
    List<String> parts = MessageParts.of(markdown);
    assertThat(parts).hasSize(2);
    assertThat(Rendered.of(parts.getFirst()).html()).endsWith("<a href=\"https://d.org\">Docs</a>");
    assertThat(Rendered.of(parts.getLast()).html()).endsWith("<a href=\"https://e.org\">Else</a>");
  }

  @Test
  void a_hundred_kilobytes_are_cut_fast() {
    List<String> texts =
        List.of(
            SENTENCE.repeat(2300),
            "x".repeat(100_000),
            "\uD83D".repeat(100_000),
            "a\u200B\u202E ".repeat(25_000),
            "- item\n".repeat(14_000),
            "1. item\n".repeat(12_000),
            "`".repeat(100_000),
            "[".repeat(100_000),
            "> ".repeat(50_000),
            "*a **b ".repeat(14_000),
            "```\n" + "y\n".repeat(50_000),
            "[a]: b\n".repeat(14_000),
            "<&>".repeat(33_000),
            "\n".repeat(100_000) + "x");
    for (String text : texts) {
      assertTimeout(
          Duration.ofSeconds(10),
          () -> assertThat(MessageParts.of(text)).isNotEmpty().allSatisfy(MessagePartsTest::fits),
          () -> text.substring(0, 5));
    }
  }

  @Test
  void plain_words_are_all_there_in_order() {
    Random random = new Random(20261120);
    for (int round = 0; round < 30; round++) {
      String text = words(random, 500 + random.nextInt(6000));
      List<String> parts = MessageParts.of(text);
      assertThat(parts).allSatisfy(MessagePartsTest::fits);
      assertThat(String.join(" ", parts).split("\\s+")).isEqualTo(text.strip().split("\\s+"));
    }
  }

  @Test
  void whatever_the_markdown_every_part_can_be_sent_and_no_letter_is_lost() {
    Random random = new Random(42);
    for (int round = 0; round < 80; round++) {
      String text = junk(random, 200 + random.nextInt(4000));
      List<String> parts = MessageParts.of(text);
      assertThat(parts).isNotEmpty().allSatisfy(MessagePartsTest::fits);
      assertThat(letters(String.join("", parts))).as("round %d", round).isEqualTo(letters(text));
    }
  }

  private static String words(Random random, int count) {
    String[] between = {" ", " ", " ", " ", "\n", "\n\n", ". ", "! "};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      random.ints(1 + random.nextInt(9), 'a', 'z' + 1).forEach(text::appendCodePoint);
      text.append(between[random.nextInt(between.length)]);
    }
    return text.toString();
  }

  /** Pieces of markup in any order. Fences without names, which would rightly be repeated. */
  private static String junk(Random random, int count) {
    String[] pieces = {
      "word ",
      "*",
      "**",
      "`",
      "\n",
      "\n\n",
      "> ",
      "- ",
      "1. ",
      "# ",
      "[a](",
      ")",
      "(https://x.y)",
      "😀",
      "\uD83D",
      "\u202E",
      "\u200B",
      "<b>",
      "&amp;",
      "&",
      "\n```\n",
      "    ",
      "\t",
      "~~z",
      "\\",
      "|",
      "---\n",
      "![",
      "]",
      "longerword".repeat(9) + " "
    };
    StringBuilder text = new StringBuilder("Begin ");
    for (int i = 0; i < count; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  private static String letters(String text) {
    return text.replaceAll("[^a-zA-Z]", "");
  }

  private static int characters(String text) {
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    int count = 0;
    while (characters.next() != BreakIterator.DONE) {
      count++;
    }
    return count;
  }

  private static void fits(String part) {
    Rendered rendered = Rendered.of(part);
    assertThat(rendered.text()).isNotBlank().hasSizeLessThanOrEqualTo(4096);
    assertThat(rendered.html()).hasSizeLessThanOrEqualTo(Rendered.HTML_LIMIT);
    assertThat(part.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }
}
