package dev.rookery.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The parts of compound commands that hold words instead of commands. */
final class Conditions {
  private static final Set<String> ARITHMETIC =
      Set.of("-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v", "-R");

  private final Findings findings;
  private final Chars in;
  private final Words words;

  Conditions(Findings findings, Chars in, Words words) {
    this.findings = findings;
    this.in = in;
    this.words = words;
  }

  /** Blanks, newlines and comments. */
  void newlines() {
    for (in.blanks(); in.peek() == '\n' || in.peek() == '#'; in.blanks()) {
      if (in.peek() == '#') {
        in.comment();
      } else {
        newline();
      }
    }
  }

  /** Whether a here-document begins here cannot be told inside of other constructs. */
  private void newline() {
    if (findings.pendingDocuments > 0) {
      throw new Unreadable("a here-document begins inside of something else");
    }
    in.next();
  }

  /** Goes past this bare word if it comes next. */
  boolean skip(String word) {
    in.blanks();
    return in.bareWord().equals(word) && in.take(word);
  }

  void caseHead() {
    in.blanks();
    words.read();
    newlines();
    if (!skip("in")) {
      throw new Unreadable("its case cannot be read");
    }
  }

  /** Reads the patterns of a clause; false at {@code esac}. */
  boolean casePattern() {
    newlines();
    if (skip("esac")) {
      return false;
    }
    if (in.peek() == '(') {
      in.next();
    }
    for (in.blanks(); in.peek() != ')'; in.blanks()) {
      if (in.peek() == '|') {
        in.next();
      } else if (words.read().word().written().isEmpty()) {
        throw new Unreadable("its case cannot be read");
      }
    }
    in.next();
    return true;
  }

  /** Up to {@code ]]}. Comparing numbers evaluates both sides, which may run code. */
  void test() {
    List<Word> operands = new ArrayList<>();
    while (true) {
      newlines();
      char c = in.peek();
      if (c == Chars.END || c == ';' || c == '#') {
        throw new Unreadable("its [[ cannot be read");
      }
      Words.Token token = words.read();
      if (token.word().written().isEmpty()) {
        operands.add(Word.literal(String.valueOf(in.next())));
      } else if (token.bare() && token.word().shape().equals("]]")) {
        break;
      } else {
        operands.add(token.word());
      }
    }
    boolean computes = operands.stream().anyMatch(word -> ARITHMETIC.contains(word.shape()));
    boolean plain =
        operands.stream()
            .map(Word::shape)
            .allMatch(text -> ARITHMETIC.contains(text) || text.matches("-?\\d+|[()&|<>!]+"));
    if (computes && !plain) {
      findings.doubt("a comparison that computes");
    }
  }
}
