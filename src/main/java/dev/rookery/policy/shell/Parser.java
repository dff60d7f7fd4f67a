package dev.rookery.policy.shell;

import dev.rookery.policy.shell.Findings.Draft;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the commands of a script (POSIX 2.10 and bash's additions). Keywords only open and close
 * what they must; whatever stands where a command may stand is taken for one.
 */
final class Parser {
  private static final Pattern ASSIGNED =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(\\[[^\\]]*])?\\+?=", Pattern.DOTALL);
  private static final Pattern DESCRIPTOR =
      Pattern.compile("\\d{1,9}|\\{[A-Za-z_][A-Za-z0-9_]*(\\[[^\\]]*])?}");
  private static final Pattern PLAIN_SUBSCRIPT = Pattern.compile("\\[\\d+]");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> KEYWORDS =
      Set.of(
          "!",
          "coproc",
          "time",
          "if",
          "then",
          "elif",
          "else",
          "fi",
          "while",
          "until",
          "do",
          "done",
          "{",
          "}",
          "for",
          "select",
          "case",
          "esac",
          "function",
          "[[");
  private static final Set<String> DECLARERS =
      Set.of("declare", "typeset", "local", "export", "readonly");

  private final Findings findings;
  private final Chars in;
  private final Words words;
  private final HereDocuments hereDocuments;
  private final Conditions conditions;

  /** What is open and what will close it. */
  private enum Open {
    IF,
    THEN,
    ELSE,
    LOOP,
    DO,
    BRACE,
    PATTERN,
    CASE
  }

  Parser(Findings findings, Chars in) {
    this.findings = findings;
    this.in = in;
    this.words = new Words(findings, in, this);
    this.hereDocuments = new HereDocuments(findings, in);
    this.conditions = new Conditions(findings, in, words);
  }

  void script() {
    commands(Chars.END);
  }

  /** Text with expansions in it and no quotes, as in a here-document. */
  static void text(Findings findings, String text) {
    findings.enter();
    Chars in = new Chars(text);
    new Parser(findings, in).words.text();
    findings.leave();
  }

  /** Commands up to the end that closes them, and past it. */
  void commands(char end) {
    findings.enter();
    Deque<Open> open = new ArrayDeque<>();
    int pending = findings.pendingDocuments;
    while (!isOver(end, open, pending)) {
      char c = in.peek();
      if (c == '\n') {
        newline(pending);
      } else if (c == '#') {
        in.comment();
      } else if (open.peek() == Open.PATTERN) {
        pattern(open);
      } else if (c == '(') {
        group();
      } else if (c == ';' || c == '|' || (c == '&' && in.peek(1) != '>')) {
        separator(open);
      } else {
        command(open);
      }
    }
    findings.leave();
  }

  private void newline(int pendingOutside) {
    if (pendingOutside > 0) {
      throw new Unreadable("a here-document begins inside of something else");
    }
    in.next();
    hereDocuments.read();
  }

  private boolean isOver(char end, Deque<Open> open, int pending) {
    in.blanks();
    char c = in.peek();
    if (c != Chars.END && (c != ')' || open.peek() == Open.PATTERN)) {
      return false;
    }
    if (c != end || !open.isEmpty() || findings.pendingDocuments != pending) {
      throw new Unreadable(c == Chars.END ? "something in it is not closed" : "a ) is too many");
    }
    in.next();
    return true;
  }

  private void separator(Deque<Open> open) {
    if (in.take(";;&") || in.take(";;") || in.take(";&")) {
      replace(open, Open.PATTERN, Open.CASE);
    } else {
      in.next();
    }
  }

  private void group() {
    if (in.peek(1) == '(' && words.arithmetic(2, "((")) {
      return;
    }
    in.next();
    commands(')');
  }

  private void command(Deque<Open> open) {
    String word = in.bareWord();
    if (!KEYWORDS.contains(word)) {
      simple();
      return;
    }
    in.take(word);
    keyword(word, open);
  }

  /** What a keyword opens, closes, or brings with it. */
  private void keyword(String word, Deque<Open> open) {
    switch (word) {
      case "!", "coproc" -> {}
      case "time" -> conditions.skip("-p");
      case "if" -> open.push(Open.IF);
      case "then" -> replace(open, Open.THEN, Open.IF);
      case "elif" -> replace(open, Open.IF, Open.THEN);
      case "else" -> replace(open, Open.ELSE, Open.THEN);
      case "fi" -> close(open, Open.THEN, Open.ELSE);
      case "while", "until" -> open.push(Open.LOOP);
      case "do" -> replace(open, Open.DO, Open.LOOP);
      case "done" -> close(open, Open.DO);
      case "{" -> open.push(Open.BRACE);
      case "}" -> close(open, Open.BRACE);
      case "for", "select" -> {
        loopHead();
        open.push(Open.LOOP);
      }
      case "case" -> {
        conditions.caseHead();
        open.push(Open.PATTERN);
      }
      case "esac" -> close(open, Open.CASE);
      case "function" -> function();
      case "[[" -> conditions.test();
      default -> throw new IllegalArgumentException(word);
    }
  }

  private static void replace(Deque<Open> open, Open by, Open expected) {
    close(open, expected);
    open.push(by);
  }

  private static void close(Deque<Open> open, Open... expected) {
    if (open.isEmpty() || !List.of(expected).contains(open.pop())) {
      throw new Unreadable("its keywords do not fit together");
    }
  }

  private void pattern(Deque<Open> open) {
    if (conditions.casePattern()) {
      replace(open, Open.CASE, Open.PATTERN);
    } else {
      close(open, Open.PATTERN);
    }
  }

  private void loopHead() {
    in.blanks();
    if (in.peek() == '(') {
      if (in.peek(1) != '(' || !words.arithmetic(2, "((")) {
        throw new Unreadable("its for loop cannot be read");
      }
      return;
    }
    Words.Token name = words.read();
    if (!name.bare() || !NAME.matcher(name.word().shape()).matches()) {
      throw new Unreadable("its for loop cannot be read");
    }
    findings.assigns(name.word().shape());
    conditions.newlines();
    if (conditions.skip("in")) {
      for (in.blanks(); !endsWords(in.peek()); in.blanks()) {
        if (words.read().word().written().isEmpty()) {
          throw new Unreadable("its for loop cannot be read");
        }
      }
    }
  }

  private static boolean endsWords(char c) {
    return switch (c) {
      case ';', '\n', '&', '|', '(', ')', Chars.END -> true;
      default -> false;
    };
  }

  private void function() {
    in.blanks();
    words.read();
    in.blanks();
    if (in.peek() == '(') {
      emptyParentheses();
    }
  }

  private void emptyParentheses() {
    in.next();
    in.blanks();
    if (in.next() != ')') {
      throw new Unreadable("its parentheses cannot be read");
    }
  }

  private void simple() {
    Draft draft = new Draft();
    for (in.blanks(); !endsSimple(draft); in.blanks()) {
      part(draft);
    }
    if (!draft.isEmpty()) {
      findings.add(draft);
    }
  }

  private boolean endsSimple(Draft draft) {
    return switch (in.peek()) {
      case '\n', ';', '|', ')', '#', Chars.END -> true;
      case '&' -> in.peek(1) != '>';
      case '(' -> {
        if (draft.argv.size() != 1 || !draft.assignments.isEmpty()) {
          throw new Unreadable("its parentheses cannot be read");
        }
        emptyParentheses();
        draft.argv.clear();
        yield true;
      }
      default -> false;
    };
  }

  private void part(Draft draft) {
    char c = in.peek();
    if (c == '&' || ((c == '<' || c == '>') && in.peek(1) != '(')) {
      redirect(draft);
      return;
    }
    Words.Token token = words.read();
    boolean arrow = (in.peek() == '<' || in.peek() == '>') && in.peek(1) != '(';
    if (arrow && DESCRIPTOR.matcher(token.word().written()).matches()) {
      redirect(draft);
    } else if (in.peek() == '(' && array(draft, token)) {
      elements(draft, token);
    } else if (draft.argv.isEmpty() && assignment(draft, token)) {
      return;
    } else {
      draft.argv.add(token.word());
    }
  }

  private static boolean array(Draft draft, Words.Token token) {
    boolean place = draft.argv.isEmpty() || DECLARERS.contains(draft.argv.getFirst().shape());
    return place && ASSIGNED.matcher(token.word().written()).matches();
  }

  private void elements(Draft draft, Words.Token token) {
    in.next();
    for (conditions.newlines(); in.peek() != ')'; conditions.newlines()) {
      if (endsWords(in.peek()) || in.peek() == '<' || in.peek() == '>') {
        throw new Unreadable("its array cannot be read");
      }
      if (words.read().word().shape().contains("[")) {
        findings.doubt("an array with subscripts");
      }
    }
    in.next();
    Matcher name = ASSIGNED.matcher(token.word().written());
    if (name.lookingAt()) {
      draft.assignments.add(new Assignment(name.group(1), Word.unknown("(…)")));
    }
  }

  /** The name is never quoted; quotes would make it a word. */
  private boolean assignment(Draft draft, Words.Token token) {
    Word word = token.word();
    Matcher name = ASSIGNED.matcher(word.written());
    if (word.written().indexOf('=') < 1 || !name.lookingAt()) {
      return false;
    }
    String subscript = name.group(2);
    if (subscript != null && !PLAIN_SUBSCRIPT.matcher(subscript).matches()) {
      findings.doubt("a subscript that is computed");
    }
    boolean clear = subscript == null && !word.many() && word.shape().startsWith(name.group());
    String written = word.written().substring(name.end());
    Word value =
        clear
            ? new Word(word.shape().substring(name.end()), false, written)
            : Word.unknown(written);
    draft.assignments.add(new Assignment(name.group(1), value));
    return true;
  }

  private void redirect(Draft draft) {
    String operator = operator();
    in.blanks();
    if (operator.startsWith("<<") && !operator.equals("<<<")) {
      hereDocuments.announce(draft, words.read(), operator.endsWith("-"));
      return;
    }
    Words.Token token = words.read();
    Word target = token.word();
    if (target.written().isEmpty()) {
      throw new Unreadable("a redirection has no target");
    }
    boolean copies = operator.endsWith("&") && target.shape().matches("\\d*-?");
    if (operator.equals("<<<")) {
      draft.redirects.add(new Redirect(Redirect.Kind.TEXT, target));
    } else if (!copies) {
      boolean reads = operator.equals("<") || operator.equals("<&");
      draft.redirects.add(new Redirect(reads ? Redirect.Kind.READ : Redirect.Kind.WRITE, target));
    }
  }

  private String operator() {
    List<String> known =
        new ArrayList<>(
            List.of("&>>", "&>", "<<<", "<<-", "<<", "<>", "<&", "<", ">>", ">|", ">&", ">"));
    for (String operator : known) {
      if (in.take(operator)) {
        return operator;
      }
    }
    throw new Unreadable("a redirection cannot be read");
  }
}
