package dev.rookery.channels.telegram;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Block;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;

/** Finds what must not be cut in the middle: bold, links, code, character references. */
final class InlineSpans {
  private static final Pattern REFERENCE =
      Pattern.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});");

  private InlineSpans() {}

  /** From {@code start} to before {@code end}, in UTF-16 units of the source. */
  record Span(int start, int end) {}

  static List<Span> of(String source) {
    List<Span> spans = new ArrayList<>();
    for (Node block = Rendered.parse(source).getFirstChild();
        block != null;
        block = block.getNext()) {
      if (block instanceof Block) {
        inline(block, spans);
      }
    }
    Matcher reference = REFERENCE.matcher(source);
    while (reference.find()) {
      spans.add(new Span(reference.start(), reference.end()));
    }
    return spans;
  }

  private static void inline(Node block, List<Span> spans) {
    for (Node node = block.getFirstChild(); node != null; node = node.getNext()) {
      List<SourceSpan> own = node.getSourceSpans();
      if (!(node instanceof Text) && !(node instanceof Block) && !own.isEmpty()) {
        SourceSpan last = own.getLast();
        spans.add(
            new Span(own.getFirst().getInputIndex(), last.getInputIndex() + last.getLength()));
      }
    }
  }
}
