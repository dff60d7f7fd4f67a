package dev.rookery.channels.telegram;

import dev.rookery.channels.telegram.MessageParts.Segment;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one block that is too long: lists between items, code between lines with its fence closed
 * and opened again, quotations between what they quote, all else as text.
 */
final class BlockCutter {
  /** Below this, containers are cut as text: nesting costs a parse per level. */
  private static final int DEEPEST = 6;

  private final int level;

  BlockCutter() {
    this(0);
  }

  private BlockCutter(int level) {
    this.level = level;
  }

  List<Segment> cut(Node block, String source) {
    if (level >= DEEPEST) {
      return text(source);
    }
    return switch (block) {
      case FencedCodeBlock code -> code(code.getLiteral(), code.getInfo());
      case IndentedCodeBlock code -> code(code.getLiteral(), "");
      case ListBlock _ -> items(source);
      case BlockQuote _ -> quoted(source);
      default -> text(source);
    };
  }

  /** The source is parsed again by itself, so that spans point into it. */
  private static Node only(String source) {
    Node first = Rendered.parse(source).getFirstChild();
    return first == null ? Rendered.parse("-").getFirstChild() : first;
  }

  private List<Segment> items(String source) {
    List<Segment> segments = new ArrayList<>();
    Node list = only(source);
    int number = list instanceof OrderedList ordered ? HtmlRenderer.start(ordered) : -1;
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      String lines = numbered(MessageParts.sourceOf(item, source), number);
      number += number < 0 ? 0 : 1;
      Segment whole = Segment.of(segments.isEmpty() ? Segment.BLOCK : Segment.LINE, lines);
      if (whole.fits() || !(item instanceof ListItem)) {
        segments.add(whole);
      } else {
        int first = segments.size();
        segments.addAll(children(item, source, marker(lines)));
        if (segments.size() > first) {
          segments.set(first, segments.get(first).after(whole.gap()));
        }
      }
    }
    return segments;
  }

  /** Lists may say 1. 1. 1. and count by themselves; cut apart, each item must know its number. */
  private static String numbered(String item, int number) {
    int digits = 0;
    while (digits < item.length() && Character.isDigit(item.charAt(digits))) {
      digits++;
    }
    if (number < 0 || digits == 0) {
      return item;
    }
    String own = Integer.toString(number);
    String deeper = "\n" + " ".repeat(Math.max(0, own.length() - digits));
    return own + item.substring(digits).replace("\n", deeper);
  }

  private static String marker(String item) {
    int end = 0;
    while (end < item.length() && !Character.isWhitespace(item.charAt(end))) {
      end++;
    }
    return item.substring(0, end) + " ";
  }

  /** Blocks inside an item that is too long; the marker stays with the first words. */
  private List<Segment> children(Node parent, String source, String marker) {
    List<Segment> segments = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
      String lines = standalone(child, source);
      boolean first = child.getPrevious() == null;
      boolean code = child instanceof FencedCodeBlock || child instanceof IndentedCodeBlock;
      Segment whole = Segment.of(Segment.BLOCK, first && !code ? marker + lines : lines);
      if (whole.fits()) {
        segments.add(whole);
      } else {
        segments.addAll(
            new BlockCutter(level + 1).cut(child, first && !code ? whole.source() : lines));
      }
    }
    return segments;
  }

  private List<Segment> quoted(String source) {
    List<Segment> segments = new ArrayList<>();
    Node quote = only(source);
    for (Node child = quote.getFirstChild(); child != null; child = child.getNext()) {
      String lines = standalone(child, source);
      Segment whole = Segment.of(Segment.BLOCK, quote(lines));
      if (whole.fits()) {
        segments.add(whole);
      } else {
        for (Segment piece : new BlockCutter(level + 1).cut(child, lines)) {
          segments.add(Segment.of(Segment.BLOCK, quote(piece.source())));
        }
      }
    }
    return segments;
  }

  /**
   * Indented code gets a fence: without its surroundings the indentation would say something else.
   */
  private static String standalone(Node block, String source) {
    return block instanceof IndentedCodeBlock code
        ? "```\n" + code.getLiteral().stripTrailing() + "\n```"
        : MessageParts.sourceOf(block, source);
  }

  private static String quote(String lines) {
    return "> " + lines.replace("\n", "\n> ");
  }

  private static List<Segment> text(String source) {
    List<Segment> segments = new ArrayList<>();
    for (var piece : new TextCutter(source, InlineSpans.of(source)).cut(Rendered.TEXT_LIMIT)) {
      String gap = segments.isEmpty() ? Segment.BLOCK : piece.gap();
      segments.add(Segment.of(gap, piece.text()));
    }
    return segments;
  }

  private static List<Segment> code(String literal, @Nullable String info) {
    String fence = "`".repeat(Math.max(3, longestRun(literal) + 1));
    String head = fence + HtmlRenderer.language(info) + "\n";
    List<Segment> segments = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (TextCutter.Piece line : lines(literal)) {
      int length = open.length() + line.gap().length() + line.text().length();
      if (!open.isEmpty() && length > Rendered.TEXT_LIMIT) {
        segments.add(Segment.of(Segment.BLOCK, head + open + "\n" + fence));
        open.setLength(0);
      }
      open.append(open.isEmpty() ? "" : line.gap()).append(line.text());
    }
    if (!open.toString().isBlank()) {
      segments.add(Segment.of(Segment.BLOCK, head + open + "\n" + fence));
    }
    return segments;
  }

  private static List<TextCutter.Piece> lines(String literal) {
    List<TextCutter.Piece> lines = new ArrayList<>();
    for (String line : literal.stripTrailing().split("\n", -1)) {
      if (line.length() <= Rendered.TEXT_LIMIT) {
        lines.add(new TextCutter.Piece("\n", line));
        continue;
      }
      String gap = "\n";
      for (TextCutter.Piece piece : new TextCutter(line, List.of()).cut(Rendered.TEXT_LIMIT)) {
        lines.add(new TextCutter.Piece(gap.isEmpty() ? piece.gap() : gap, piece.text()));
        gap = "";
      }
    }
    return lines;
  }

  private static int longestRun(String code) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < code.length(); i++) {
      run = code.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}
