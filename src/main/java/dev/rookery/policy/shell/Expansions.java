package dev.rookery.policy.shell;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What begins with a dollar sign or a backtick. */
final class Expansions {
  /** Numbers and signs; a name in arithmetic may hold text that runs commands. */
  private static final Pattern PLAIN_ARITHMETIC = Pattern.compile("[0-9\\s()+*/%<>=!&|^~?:,-]*");

  private static final Pattern ASSIGNS =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(\\[.*])?:?=.*", Pattern.DOTALL);
  private static final Pattern PLAIN =
      Pattern.compile("#?([A-Za-z_][A-Za-z0-9_]*|\\d+|[@*#?$!-])(\\[(\\d+|[@*])])?");
  private static final Pattern HARMLESS =
      Pattern.compile(
          PLAIN.pattern() + "(:?[-=?+].*|[#%/^,].*|:\\s*\\d+(:\\s*\\d+)?|@[UuLQEAKak])?",
          Pattern.DOTALL);
  private static final String SPECIAL = "@*#?$!-0123456789";

  private final Findings findings;
  private final Chars in;
  private final Parser parser;
  private final Words words;

  Expansions(Findings findings, Chars in, Parser parser, Words words) {
    this.findings = findings;
    this.in = in;
    this.parser = parser;
    this.words = words;
  }

  void dollar(Words.Draft draft, boolean quoted) {
    draft.bare = false;
    char c = in.peek(1);
    if (c == '(') {
      if (in.peek(2) != '(' || !arithmetic(3, "$((")) {
        in.next();
        in.next();
        parser.commands(')');
      }
      draft.unknown(!quoted);
    } else if (c == '{') {
      in.next();
      in.next();
      draft.unknown(parameter(quoted) || !quoted);
    } else if (c == '[') {
      throw new Unreadable("it has arithmetic of an old form");
    } else if (c == '\'' && !quoted) {
      in.next();
      in.next();
      AnsiQuote.read(in, draft);
    } else if (c == '"' && !quoted) {
      in.next();
    } else {
      name(draft, quoted);
    }
  }

  private void name(Words.Draft draft, boolean quoted) {
    in.next();
    char c = in.peek();
    if (SPECIAL.indexOf(c) >= 0) {
      in.next();
      draft.unknown(!quoted || c == '@');
    } else if (isNameStart(c)) {
      while (isNameStart(in.peek()) || (in.peek() >= '0' && in.peek() <= '9')) {
        in.next();
      }
      draft.unknown(!quoted);
    } else {
      draft.shape.append('$');
    }
  }

  private static boolean isNameStart(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Up to the closing brace, and past it; true when it may become several words in quotes. */
  private boolean parameter(boolean quoted) {
    findings.enter();
    int mark = in.mark();
    char first = in.peek();
    if (first == ' ' || first == '\t' || first == '\n' || first == '|' || first == '(') {
      throw new Unreadable("it has a substitution in braces");
    }
    Words.Draft inside = new Words.Draft();
    for (char c = Words.ended(in.peek()); c != '}'; c = Words.ended(in.peek())) {
      inBraces(inside, c, quoted);
    }
    String content = in.since(mark);
    in.next();
    judge(content);
    findings.leave();
    return content.indexOf('@') >= 0;
  }

  private void inBraces(Words.Draft inside, char c, boolean quoted) {
    switch (c) {
      case '$' -> dollar(inside, quoted);
      case '`' -> backtick(inside, quoted);
      case '\\' -> {
        in.next();
        Words.ended(in.raw());
      }
      case '"' -> {
        in.next();
        words.doubled(inside);
      }
      case '\'' -> {
        if (quoted) {
          throw new Unreadable("it has quotes in quoted braces");
        }
        in.next();
        words.single(inside);
      }
      case '<', '>' -> {
        if (in.peek(1) == '(') {
          throw new Unreadable("it has a process substitution in braces");
        }
        in.next();
      }
      default -> in.next();
    }
  }

  private void judge(String content) {
    Matcher assigns = ASSIGNS.matcher(content);
    if (assigns.matches()) {
      findings.assigns(assigns.group(1));
    }
    if (!PLAIN.matcher(content).matches() && !HARMLESS.matcher(content).matches()) {
      findings.doubt("an expansion that computes: ${" + content + "}");
    }
  }

  void backtick(Words.Draft draft, boolean quoted) {
    in.next();
    StringBuilder script = new StringBuilder();
    for (char c = Words.ended(in.raw()); c != '`'; c = Words.ended(in.raw())) {
      if (c == '\\') {
        char escaped = Words.ended(in.raw());
        boolean special = "$`\\".indexOf(escaped) >= 0 || (quoted && escaped == '"');
        script.append(special ? "" : "\\").append(escaped);
      } else {
        script.append(c);
      }
    }
    findings.enter();
    new Parser(findings, new Chars(script.toString())).script();
    findings.leave();
    draft.unknown(!quoted);
  }

  /** As {@link Words#arithmetic}. */
  boolean arithmetic(int skip, String opener) {
    int mark = in.mark();
    for (int i = 0; i < skip; i++) {
      in.next();
    }
    int start = in.mark();
    if (!findEnd()) {
      in.back(mark);
      return false;
    }
    String content = in.since(start);
    in.next();
    in.next();
    if (!PLAIN_ARITHMETIC.matcher(content).matches()) {
      findings.doubt("arithmetic on names: " + opener + content + "))");
      Parser.text(findings, content);
    }
    return true;
  }

  /** To the first of the two closing parentheses. */
  private boolean findEnd() {
    int depth = 0;
    while (true) {
      char c = in.peek();
      if (c == Chars.END) {
        return false;
      }
      if (c == ')' && depth == 0) {
        return in.peek(1) == ')';
      }
      skipOne(c);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
  }

  private void skipOne(char c) {
    in.next();
    if (c == '\\') {
      in.raw();
    } else if (c == '\'' || c == '"') {
      char next = in.raw();
      while (next != c && next != Chars.END) {
        if (next == '\\' && c == '"') {
          in.raw();
        }
        next = in.raw();
      }
    }
  }
}
