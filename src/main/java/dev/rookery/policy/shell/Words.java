package dev.rookery.policy.shell;

/** Reads one word: quotes are taken off, expansions are looked into and become unknown. */
final class Words {
  private final Findings findings;
  private final Chars in;
  private final Parser parser;
  private final Expansions expansions;

  /**
   * A word with what the grammar asks of it.
   *
   * @param bare without quotes, escapes and expansions, so that it may be a keyword
   */
  record Token(Word word, boolean bare) {}

  Words(Findings findings, Chars in, Parser parser) {
    this.findings = findings;
    this.in = in;
    this.parser = parser;
    this.expansions = new Expansions(findings, in, parser, this);
  }

  /** What is known of a word that is being read. */
  static final class Draft {
    final StringBuilder shape = new StringBuilder();
    boolean many;
    boolean bare = true;
    private boolean bracket;
    private int brace;

    void unknown(boolean splits) {
      shape.append(Word.UNKNOWN);
      many |= splits;
      bare = false;
    }

    /** Globs and braces may make several words of one. */
    void plain(char c) {
      switch (c) {
        case '*', '?' -> unknown(true);
        case '[' -> bracket = true;
        case ']' -> many |= bracket;
        case '{' -> brace = 1;
        case ',' -> brace = brace == 1 ? 2 : brace;
        case '.' -> brace = (brace == 1 && endsWithDot()) ? 2 : brace;
        case '}' -> many |= brace == 2;
        default -> {}
      }
      if (c != '*' && c != '?') {
        shape.append(c);
      }
    }

    private boolean endsWithDot() {
      return !shape.isEmpty() && shape.charAt(shape.length() - 1) == '.';
    }

    boolean takesTilde() {
      return shape.isEmpty()
          || shape.charAt(shape.length() - 1) == '='
          || shape.charAt(shape.length() - 1) == ':';
    }
  }

  /** The word that comes next; empty when none does. */
  Token read() {
    int mark = in.mark();
    Draft draft = new Draft();
    while (!isOver()) {
      piece(draft);
    }
    String written = in.since(mark);
    String shape = draft.many ? String.valueOf(Word.UNKNOWN) : draft.shape.toString();
    return new Token(
        new Word(shape, draft.many, written), draft.bare && !draft.many && !written.isEmpty());
  }

  private boolean isOver() {
    return switch (in.peek()) {
      case ' ', '\t', '\n', ';', '&', '|', '(', ')', Chars.END -> true;
      case '<', '>' -> in.peek(1) != '(';
      default -> false;
    };
  }

  private void piece(Draft draft) {
    char c = in.peek();
    switch (c) {
      case '\\' -> {
        in.next();
        draft.bare = false;
        draft.shape.append(ended(in.raw()));
      }
      case '\'' -> {
        in.next();
        draft.bare = false;
        single(draft);
      }
      case '"' -> {
        in.next();
        draft.bare = false;
        doubled(draft);
      }
      case '`' -> expansions.backtick(draft, false);
      case '$' -> expansions.dollar(draft, false);
      case '<', '>' -> process(draft);
      case '~' -> {
        in.next();
        if (draft.takesTilde()) {
          draft.unknown(false);
        } else {
          draft.shape.append('~');
        }
      }
      case '!' -> {
        in.next();
        bang(draft);
      }
      default -> draft.plain(in.next());
    }
  }

  private void process(Draft draft) {
    in.next();
    in.next();
    parser.commands(')');
    draft.unknown(false);
  }

  /** An interactive shell puts an earlier command there. */
  private void bang(Draft draft) {
    if (in.peek() == '=' || isOver()) {
      draft.shape.append('!');
    } else {
      draft.unknown(false);
    }
  }

  static char ended(char c) {
    if (c == Chars.END) {
      throw new Unreadable("a quote in it is not closed");
    }
    return c;
  }

  void single(Draft draft) {
    for (char c = ended(in.raw()); c != '\''; c = ended(in.raw())) {
      draft.shape.append(c);
    }
  }

  /** Up to the closing quote, and past it. */
  void doubled(Draft draft) {
    findings.enter();
    for (char c = ended(in.peek()); c != '"'; c = ended(in.peek())) {
      quoted(draft, c, "$`\"\\");
    }
    in.next();
    findings.leave();
  }

  /** The body of a here-document, up to the end. */
  void text() {
    Draft draft = new Draft();
    while (!in.atEnd()) {
      quoted(draft, in.peek(), "$`\\");
    }
  }

  private void quoted(Draft draft, char c, String escapes) {
    switch (c) {
      case '$' -> expansions.dollar(draft, true);
      case '`' -> expansions.backtick(draft, true);
      case '\\' -> {
        in.next();
        char escaped = ended(in.raw());
        if (escapes.indexOf(escaped) < 0) {
          draft.shape.append('\\');
        }
        draft.shape.append(escaped);
      }
      default -> draft.shape.append(in.next());
    }
  }

  /**
   * Reads arithmetic behind an opener of two parentheses.
   *
   * @param skip how many characters the opener has
   * @return false when it is none, and nothing was read
   */
  boolean arithmetic(int skip, String opener) {
    return expansions.arithmetic(skip, opener);
  }
}
