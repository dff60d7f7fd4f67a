package dev.rookery.channels.telegram;

import java.util.HashMap;
import java.util.Map;

/**
 * Writes a message twice, as HTML and as the text that remains of it. Line breaks between blocks
 * are written late, so that they never end up inside a tag or at the end.
 */
final class TagWriter {
  private final StringBuilder html = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final Map<String, Integer> depth = new HashMap<>();
  private int breaks;
  private int linkStart;
  private String link = "";

  void text(String words) {
    flush();
    HtmlRenderer.escape(words, html);
    text.append(words);
  }

  /** Opens a tag once, however deep it is nested in itself. */
  void open(String tag) {
    flush();
    if (depth.merge(tag, 1, Integer::sum) == 1) {
      html.append('<').append(tag).append('>');
    }
  }

  void close(String tag) {
    if (depth.merge(tag, -1, Integer::sum) == 0) {
      html.append("</").append(tag).append('>');
    }
  }

  void tagged(String tag, String words) {
    open(tag);
    text(words);
    close(tag);
  }

  /** An empty destination leaves the words without a link. */
  void openLink(String destination) {
    flush();
    if (depth.merge("a", 1, Integer::sum) > 1) {
      return;
    }
    link = destination;
    linkStart = text.length();
    if (!link.isEmpty()) {
      html.append("<a href=\"");
      html.append(HtmlRenderer.escape(link).replace("\"", "&quot;")).append("\">");
    }
  }

  void closeLink(String destination) {
    if (depth.merge("a", -1, Integer::sum) > 0) {
      return;
    }
    if (text.length() == linkStart) {
      text(destination);
    }
    if (!link.isEmpty()) {
      html.append("</a>");
    }
  }

  void pre(String code, String language) {
    flush();
    html.append("<pre>");
    if (!language.isEmpty()) {
      html.append("<code class=\"language-").append(language).append("\">");
    }
    text(code);
    html.append(language.isEmpty() ? "</pre>" : "</code></pre>");
  }

  /** What follows stands on the same line as the marker. */
  void bullet(String marker) {
    text(marker);
    breaks = 0;
  }

  void separate(int lines) {
    breaks = Math.max(breaks, lines);
  }

  void separateExactly(int lines) {
    breaks = lines;
  }

  Rendered rendered() {
    return new Rendered(html.toString(), text.toString());
  }

  private void flush() {
    if (breaks > 0 && !text.isEmpty()) {
      String lines = "\n".repeat(breaks);
      html.append(lines);
      text.append(lines);
    }
    breaks = 0;
  }
}
