package dev.rookery.channels.telegram;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.jspecify.annotations.Nullable;

/**
 * CommonMark to the few tags Telegram knows (Bot API, "HTML style"). Raw HTML is shown, never
 * passed on. Walks without recursion, so that no nesting overflows the stack.
 */
final class HtmlRenderer {
  private static final Pattern SAFE_LINK =
      Pattern.compile("(?:https?://|mailto:|tel:)[^\\p{Cc}]+", Pattern.CASE_INSENSITIVE);
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9_+#.-]{1,32}");

  private final TagWriter out = new TagWriter();

  /** The next number of each open list; -1 in a list without numbers. */
  private final Deque<Integer> lists = new ArrayDeque<>();

  Rendered render(Node root) {
    Node node = root;
    while (node != null) {
      enter(node);
      Node child = node.getFirstChild();
      node = child == null ? leave(node, root) : child;
    }
    return out.rendered();
  }

  private @Nullable Node leave(Node node, Node root) {
    for (Node left = node; left != null; left = left.getParent()) {
      exit(left);
      if (left.equals(root)) {
        return null;
      }
      if (left.getNext() != null) {
        return left.getNext();
      }
    }
    return null;
  }

  private void enter(Node node) {
    switch (node) {
      case Text text -> out.text(text.getLiteral());
      case Code code -> out.tagged("code", code.getLiteral());
      case HtmlInline html -> out.text(html.getLiteral());
      case SoftLineBreak _ -> out.text("\n");
      case HardLineBreak _ -> out.text("\n");
      case Emphasis _ -> out.open("i");
      case StrongEmphasis _ -> out.open("b");
      case Strikethrough _ -> out.open("s");
      case Link link -> openLink(link.getDestination());
      case Image image -> openLink(image.getDestination());
      case Heading _ -> out.open("b");
      case BlockQuote _ -> out.open("blockquote");
      case FencedCodeBlock code -> code(code.getLiteral(), code.getInfo());
      case IndentedCodeBlock code -> code(code.getLiteral(), "");
      case HtmlBlock html -> out.text(html.getLiteral());
      case ThematicBreak _ -> out.text("———");
      case OrderedList list -> lists.push(start(list));
      case BulletList _ -> lists.push(-1);
      case ListItem _ -> out.bullet("  ".repeat(Math.clamp(lists.size() - 1, 0, 8)) + marker());
      default -> {
        // Containers and link definitions show nothing of their own.
      }
    }
  }

  private void exit(Node node) {
    switch (node) {
      case Emphasis _ -> out.close("i");
      case StrongEmphasis _ -> out.close("b");
      case Strikethrough _ -> out.close("s");
      case Link link -> closeLink(link.getDestination());
      case Image image -> closeLink(image.getDestination());
      case Paragraph _ -> out.separate(tight(node) ? 1 : 2);
      case Heading _ -> {
        out.close("b");
        out.separate(2);
      }
      case BlockQuote _ -> {
        out.close("blockquote");
        out.separate(2);
      }
      case FencedCodeBlock _, IndentedCodeBlock _, HtmlBlock _, ThematicBreak _ -> out.separate(2);
      case ListItem item -> out.separateExactly(tight(item) ? 1 : 2);
      case ListBlock _ -> {
        lists.pop();
        out.separateExactly(node.getParent() instanceof ListItem item && tight(item) ? 1 : 2);
      }
      default -> {
        // Inline leaves end where they begin.
      }
    }
  }

  private static boolean tight(Node node) {
    Node item = node instanceof ListItem ? node : node.getParent();
    return item instanceof ListItem && item.getParent() instanceof ListBlock list && list.isTight();
  }

  private String marker() {
    if (lists.isEmpty() || lists.peek() < 0) {
      return "• ";
    }
    int number = lists.pop();
    lists.push(number + 1);
    return number + ". ";
  }

  static int start(OrderedList list) {
    Integer start = list.getMarkerStartNumber();
    return start == null ? 1 : start;
  }

  private void openLink(String destination) {
    out.openLink(SAFE_LINK.matcher(destination).matches() ? destination : "");
  }

  private void closeLink(String destination) {
    out.closeLink(destination);
  }

  private void code(String literal, @Nullable String info) {
    String code = literal.stripTrailing();
    if (code.isBlank()) {
      return;
    }
    out.pre(code, language(info));
  }

  /** The first word after a fence, when it can be the name of a language; else empty. */
  static String language(@Nullable String info) {
    String language = info == null ? "" : info.strip().split("\\s", 2)[0];
    return LANGUAGE.matcher(language).matches() ? language.toLowerCase(Locale.ROOT) : "";
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    escape(text, escaped);
    return escaped.toString();
  }

  static void escape(String text, StringBuilder into) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> into.append("&amp;");
        case '<' -> into.append("&lt;");
        case '>' -> into.append("&gt;");
        default -> into.append(c);
      }
    }
  }
}
