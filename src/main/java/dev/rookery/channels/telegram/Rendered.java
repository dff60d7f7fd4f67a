package dev.rookery.channels.telegram;

import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.node.Node;
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
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();

  static Rendered of(String markdown) {
    if (TOO_DEEP.matcher(markdown).find()) {
      return plain(markdown);
    }
    return of(parse(markdown), markdown);
  }

  /** Renders a parsed node; the source speaks for itself where nothing visible would be left. */
  static Rendered of(Node node, String source) {
    Rendered rendered = new HtmlRenderer().render(node);
    return rendered.text().isBlank() ? plain(source) : rendered;
  }

  static Node parse(String markdown) {
    return PARSER.parse(markdown);
  }

  static boolean tooDeep(String markdown) {
    return TOO_DEEP.matcher(markdown).find();
  }

  static Rendered plain(String text) {
    return new Rendered(HtmlRenderer.escape(text), text);
  }

  boolean fits() {
    return text.length() <= TEXT_LIMIT && html.length() <= HTML_LIMIT;
  }
}
