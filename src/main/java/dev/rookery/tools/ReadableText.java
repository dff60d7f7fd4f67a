package dev.rookery.tools;

import dev.rookery.kernel.Text;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** A page as Markdown: its words, headings, lists, links and code, without what nobody sees. */
final class ReadableText implements NodeFilter {
  private static final int MOST = 64_000;
  private static final Set<String> LEFT_OUT =
      Set.of(
          "script",
          "style",
          "noscript",
          "template",
          "svg",
          "canvas",
          "iframe",
          "object",
          "embed",
          "form",
          "button",
          "select",
          "textarea",
          "input",
          "dialog",
          "nav",
          "head");
  private static final Set<String> BLOCKS =
      Set.of(
          "p",
          "div",
          "section",
          "article",
          "main",
          "header",
          "footer",
          "aside",
          "ul",
          "ol",
          "dl",
          "dt",
          "dd",
          "table",
          "tr",
          "blockquote",
          "figure",
          "figcaption",
          "details",
          "summary",
          "address",
          "pre",
          "li",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6");

  private final StringBuilder text = new StringBuilder();
  private final Deque<Integer> linkStarts = new ArrayDeque<>();
  private int preformatted;

  private ReadableText() {}

  /** Title, address and text; cut with a note. */
  static String of(Document page, String address) {
    ReadableText reader = new ReadableText();
    page.body().filter(reader);
    String body = reader.text.toString().replaceAll("[ \t]+\n", "\n").replaceAll("\n{3,}", "\n\n");
    String title = page.title().isBlank() ? "" : "# " + Text.brief(page.title(), 300) + "\n";
    String whole = title + address + "\n\n" + body.strip();
    return whole.length() > MOST ? Text.cut(whole, MOST) + "\n[cut: the page is longer]" : whole;
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (text.length() > 2 * MOST) {
      return FilterResult.STOP;
    }
    if (node instanceof TextNode words) {
      append(words);
      return FilterResult.CONTINUE;
    }
    if (!(node instanceof Element element)) {
      return FilterResult.CONTINUE;
    }
    String name = element.normalName();
    if (LEFT_OUT.contains(name) || hidden(element)) {
      return FilterResult.SKIP_ENTIRELY;
    }
    open(element, name);
    return FilterResult.CONTINUE;
  }

  /** What a reader of the page does not see is often not meant for readers. */
  private static boolean hidden(Element element) {
    String style = element.attr("style").toLowerCase(Locale.ROOT).replace(" ", "");
    return element.hasAttr("hidden")
        || element.attr("aria-hidden").equals("true")
        || style.contains("display:none")
        || style.contains("visibility:hidden")
        || style.contains("font-size:0");
  }

  private void open(Element element, String name) {
    if (BLOCKS.contains(name)) {
      lineBreak(name.matches("h[1-6]|p|pre|table|blockquote") ? 2 : 1);
    }
    switch (name) {
      case "h1", "h2", "h3", "h4", "h5", "h6" ->
          text.append("#".repeat(name.charAt(1) - '0')).append(' ');
      case "li" -> text.append("- ");
      case "blockquote" -> text.append("> ");
      case "td", "th" -> text.append("| ");
      case "br" -> text.append('\n');
      case "hr" -> text.append("\n---\n");
      case "pre" -> {
        text.append("```\n");
        preformatted++;
      }
      case "img" -> {
        if (!element.attr("alt").isBlank()) {
          text.append("[image: ").append(Text.brief(element.attr("alt"), 200)).append("] ");
        }
      }
      case "a" -> linkStarts.push(text.length());
      default -> {}
    }
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (!(node instanceof Element element)) {
      return FilterResult.CONTINUE;
    }
    String name = element.normalName();
    switch (name) {
      case "a" -> link(element);
      case "td", "th" -> text.append(' ');
      case "pre" -> {
        preformatted--;
        lineBreak(1);
        text.append("```");
      }
      default -> {}
    }
    if (BLOCKS.contains(name)) {
      lineBreak(name.matches("h[1-6]|p|pre|table|blockquote") ? 2 : 1);
    }
    return FilterResult.CONTINUE;
  }

  private void link(Element element) {
    int start = linkStarts.isEmpty() ? text.length() : linkStarts.pop();
    String label = text.substring(start).strip();
    String target = element.absUrl("href");
    if (label.isEmpty() || !target.startsWith("http")) {
      return;
    }
    String lead = text.charAt(start) == ' ' ? " " : "";
    text.setLength(start);
    text.append(lead).append('[').append(label).append("](").append(target).append(')');
  }

  private void append(TextNode words) {
    if (preformatted > 0) {
      text.append(words.getWholeText());
      return;
    }
    String plain = words.text();
    boolean fresh = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
    text.append(fresh ? plain.stripLeading() : plain);
  }

  private void lineBreak(int lines) {
    int have = 0;
    while (have < lines && have < text.length() && text.charAt(text.length() - 1 - have) == '\n') {
      have++;
    }
    if (!text.isEmpty()) {
      text.append("\n".repeat(lines - have));
    }
  }
}
