package dev.rookery.channels.telegram;

import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.node.Link;
import org.commonmark.node.Text;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;

/**
 * Reads {@code <https://…>} and takes every other {@code <} as a character. Replaces the library's
 * parsers for links and raw HTML, which look for {@code >} up to the end of the text each time.
 */
final class BoundedAutolink implements InlineContentParserFactory {
  private static final int LONGEST = 2000;
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\\p{Cc}]*");
  private static final Pattern EMAIL =
      Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}");

  @Override
  public Set<Character> getTriggerCharacters() {
    return Set.of('<');
  }

  @Override
  public InlineContentParser create() {
    return BoundedAutolink::parse;
  }

  private static ParsedInline parse(InlineParserState state) {
    Scanner scanner = state.scanner();
    scanner.next();
    Position start = scanner.position();
    for (int length = 0; length < LONGEST && goesOn(scanner.peek()); length++) {
      scanner.next();
    }
    if (scanner.peek() == '>') {
      String inside = scanner.getSource(start, scanner.position()).getContent();
      scanner.next();
      boolean email = EMAIL.matcher(inside).matches();
      if (email || URI.matcher(inside).matches()) {
        Link link = new Link(email ? "mailto:" + inside : inside, null);
        link.appendChild(new Text(inside));
        return ParsedInline.of(link, scanner.position());
      }
    }
    return ParsedInline.of(new Text("<"), start);
  }

  private static boolean goesOn(char c) {
    return c != Scanner.END && c != '<' && c != '>' && !Character.isWhitespace(c);
  }
}
