package dev.rookery.channels.telegram;

import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;

/**
 * Cuts a reply into messages. Whole blocks are packed while they fit; only a block that is too long
 * by itself is cut, at its own borders (see {@link BlockCutter}).
 */
final class MessageParts {
  private final String source;
  private final List<String> parts = new ArrayList<>();
  private final StringBuilder open = new StringBuilder();
  private int openText;
  private int openHtml;

  private MessageParts(String source) {
    this.source = source;
  }

  /**
   * A piece of the source that is kept whole.
   *
   * @param gap what stands between it and the one before, when both are in one message
   * @param text length after rendering; html likewise
   */
  record Segment(String gap, String source, int text, int html) {
    static final String BLOCK = "\n\n";
    static final String LINE = "\n";

    static Segment of(String gap, String source) {
      Rendered rendered = Rendered.of(source);
      return new Segment(gap, source, rendered.text().length(), rendered.html().length());
    }

    Segment after(String otherGap) {
      return new Segment(otherGap, source, text, html);
    }

    boolean fits() {
      return text <= Rendered.TEXT_LIMIT && html <= Rendered.HTML_LIMIT;
    }
  }

  /** One empty part when there is nothing to say. */
  static List<String> of(String markdown) {
    String source = Text.clean(markdown).replace("\r\n", "\n").replace('\r', '\n');
    if (source.isBlank()) {
      return List.of("");
    }
    String trimmed = trim(source);
    return Rendered.of(trimmed).fits() ? List.of(trimmed) : new MessageParts(trimmed).cut();
  }

  private List<String> cut() {
    List<String> definitions = new ArrayList<>();
    for (Block block : blocks(definitions)) {
      Segment whole = Segment.of(Segment.BLOCK, block.source());
      if (whole.fits()) {
        add(whole);
      } else {
        new BlockCutter().cut(block.node(), block.source()).forEach(this::add);
      }
    }
    close();
    if (parts.isEmpty()) {
      // No blocks: only definitions, or markup that was not parsed.
      cutAsText(source, Rendered.TEXT_LIMIT);
      return List.copyOf(parts);
    }
    return List.copyOf(new Definitions(definitions).addTo(parts));
  }

  private void cutAsText(String text, int limit) {
    for (TextCutter.Piece piece : new TextCutter(text, List.of()).cut(limit)) {
      keep(piece.text());
    }
  }

  private record Block(Node node, String source) {}

  /** Top-level blocks with their source. Definitions are taken out, to go where they are used. */
  private List<Block> blocks(List<String> definitions) {
    List<Block> blocks = new ArrayList<>();
    Node document = Rendered.parse(source);
    for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
      String lines = wholeLines(node);
      if (node instanceof LinkReferenceDefinition) {
        definitions.add(lines);
      } else if (!lines.isBlank()) {
        blocks.add(new Block(node, lines));
      }
    }
    return blocks;
  }

  private String wholeLines(Node node) {
    List<SourceSpan> spans = node.getSourceSpans();
    if (spans.isEmpty()) {
      return "";
    }
    int start = spans.getFirst().getInputIndex();
    int end = spans.getLast().getInputIndex() + spans.getLast().getLength();
    int newline = source.indexOf('\n', end);
    return source.substring(
        source.lastIndexOf('\n', start - 1) + 1, newline < 0 ? source.length() : newline);
  }

  /** The lines of a block without the markers of what contains it. */
  static String sourceOf(Node node, String source) {
    StringBuilder lines = new StringBuilder();
    int line = -1;
    for (SourceSpan span : node.getSourceSpans()) {
      for (; line >= 0 && line < span.getLineIndex(); line++) {
        lines.append('\n');
      }
      line = span.getLineIndex();
      int start = span.getInputIndex();
      lines.append(source, start, start + span.getLength());
    }
    return lines.toString();
  }

  private void add(Segment segment) {
    int gap = open.isEmpty() ? 0 : segment.gap().length();
    boolean room =
        openText + gap + segment.text() <= Rendered.TEXT_LIMIT
            && openHtml + gap + segment.html() <= Rendered.HTML_LIMIT;
    if (!room) {
      close();
    }
    if (!open.isEmpty()) {
      open.append(segment.gap());
      openText += gap;
      openHtml += gap;
    }
    open.append(segment.source());
    openText += segment.text();
    openHtml += segment.html();
  }

  private void close() {
    if (!open.isEmpty()) {
      keep(open.toString());
    }
    open.setLength(0);
    openText = 0;
    openHtml = 0;
  }

  /** The last word: what was put together is measured again, and cut smaller if it grew. */
  private void keep(String part) {
    String trimmed = trim(part);
    if (trimmed.isBlank()) {
      return;
    }
    if (Rendered.of(trimmed).fits()) {
      parts.add(trimmed);
    } else {
      cutAsText(trimmed, Math.max(1, trimmed.length() / 2));
    }
  }

  /** Without empty lines before and after; the first line keeps its indentation. */
  private static String trim(String text) {
    int start = 0;
    for (int i = 0; i < text.length() && Character.isWhitespace(text.charAt(i)); i++) {
      if (text.charAt(i) == '\n') {
        start = i + 1;
      }
    }
    return text.substring(start).stripTrailing();
  }
}
