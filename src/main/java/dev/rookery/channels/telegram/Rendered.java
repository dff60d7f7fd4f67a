package dev.rookery.channels.telegram;

import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.node.Document;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * A message as Telegram takes it.
 *
 * @param html for {@code parse_mode=HTML}
 * @param text what remains after entity parsing, which is what Telegram's limit counts (in UTF-16
 *     units); sent as it is when the HTML is refused
 */
record Rendered(String html, String text) {
  /** Bot API, "sendMessage". */
  static final int TEXT_LIMIT = 4096;

  /** Six times the text: room for every character escaped, and an end to walls of links. */
  static final int HTML_LIMIT = 6 * TEXT_LIMIT;

  /** A line that opens this many containers at once is an attack on parsers, not a quotation. */
  private static final Pattern TOO_DEEP =
      Pattern.compile("(?m)^(?:[ \\t]*(?:>|(?:[-*+]|\\d{1,9}[.)])(?=[ \\t]))){20}");

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(StrikethroughExtension.create()))
          .customInlineContentParserFactory(new BoundedAutolink())
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();

  /** More images than this in one text slow the parser down, and say nothing. */
  private static final int MOST_IMAGES = 1000;

  /** What renders to nothing visible speaks for itself. */
  static Rendered of(String markdown) {
    Rendered rendered = new HtmlRenderer().render(parse(markdown));
    return rendered.text().isBlank() ? plain(markdown) : rendered;
  }

  /** The document; one paragraph without source spans where the markup is an attack on parsers. */
  static Node parse(String markdown) {
    if (TOO_DEEP.matcher(markdown).find() || images(markdown) > MOST_IMAGES) {
      return unparsed(markdown);
    }
    try {
      return PARSER.parse(markdown);
    } catch (StackOverflowError e) {
      // The library joins text nodes recursively; thousands of nested stars exhaust any stack.
      return unparsed(markdown);
    }
  }

  private static Node unparsed(String text) {
    Document document = new Document();
    Paragraph paragraph = new Paragraph();
    paragraph.appendChild(new Text(text));
    document.appendChild(paragraph);
    return document;
  }

  private static int images(String markdown) {
    int count = 0;
    for (int at = markdown.indexOf("!["); at >= 0; at = markdown.indexOf("![", at + 2)) {
      count++;
    }
    return count;
  }

  static Rendered plain(String text) {
    return new Rendered(HtmlRenderer.escape(text), text);
  }

  boolean fits() {
    return text.length() <= TEXT_LIMIT && html.length() <= HTML_LIMIT;
  }
}
