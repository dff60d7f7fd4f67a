package dev.rookery.policy;

import dev.rookery.kernel.Refusal;
import dev.rookery.policy.shell.Assignment;
import dev.rookery.policy.shell.SystemPaths;
import dev.rookery.policy.shell.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bash(…)} says about one simple command, word by word. A star stands for any text
 * within a word; alone for one word, as the last word for any number, and two of them for any
 * number.
 */
final class ShellPattern {
  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_*][A-Za-z0-9_*]*=.*");
  private static final String NEVER_IN_A_WORD = ";|&<>()`$#";

  /** Null stands for any number of words. */
  private final List<@Nullable Glob> words;

  private final List<Glob> assignments;

  private ShellPattern(List<Glob> assignments, List<@Nullable Glob> words) {
    this.assignments = List.copyOf(assignments);
    this.words = words;
  }

  /**
   * @throws Refusal {@code bad-rule}
   */
  static ShellPattern of(String spec) {
    List<Glob> parts = split(spec);
    if (parts.isEmpty()) {
      throw Refusal.badInput(
          "bad-rule", "bash() names no command; write bash(git push *), or bash for all of them.");
    }
    List<Glob> assignments =
        parts.stream().takeWhile(part -> ASSIGNMENT.matcher(part.source()).matches()).toList();
    List<@Nullable Glob> words = new ArrayList<>();
    for (int i = assignments.size(); i < parts.size(); i++) {
      Glob part = parts.get(i);
      boolean last = i == parts.size() - 1;
      boolean any = part.isEverything() && (last || part.source().equals("**"));
      words.add(any ? null : part);
    }
    return new ShellPattern(assignments, words);
  }

  private static List<Glob> split(String spec) {
    List<Glob> parts = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean[] marks = new boolean[spec.length()];
    boolean open = false;
    char quote = 0;
    for (int i = 0; i < spec.length(); i++) {
      char c = spec.charAt(i);
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        open = true;
      } else if (quote == 0 && (c == ' ' || c == '\t')) {
        take(parts, word, marks, open);
        open = false;
      } else {
        boolean escaped = quote == 0 && c == '\\' && i + 1 < spec.length();
        char taken = escaped ? spec.charAt(++i) : c;
        refuseOperator(spec, taken, escaped || quote != 0);
        marks[word.length()] = taken == '*' && !escaped && quote == 0;
        word.append(taken);
        open = true;
      }
    }
    if (quote != 0) {
      throw Refusal.badInput("bad-rule", "A quote in bash(%s) is not closed.", spec);
    }
    take(parts, word, marks, open);
    return parts;
  }

  private static void refuseOperator(String spec, char c, boolean quoted) {
    if (!quoted && NEVER_IN_A_WORD.indexOf(c) >= 0) {
      throw Refusal.badInput(
          "bad-rule",
          "bash(%s) can never match: a rule is held against each simple command of a line, and '%s'"
              + " separates those. Quote it if it is meant as text.",
          spec,
          c);
    }
  }

  private static void take(List<Glob> parts, StringBuilder word, boolean[] marks, boolean open) {
    if (open) {
      parts.add(Glob.marked(word.toString(), Arrays.copyOf(marks, word.length())));
    }
    word.setLength(0);
    Arrays.fill(marks, false);
  }

  /** Whether some command that this one may become is meant. Assignments are looked at if named. */
  boolean may(List<Assignment> set, List<Word> argv) {
    for (Glob assignment : assignments) {
      if (set.stream().noneMatch(a -> assignment.may(text(a)))) {
        return false;
      }
    }
    return (words.isEmpty() && !assignments.isEmpty()) || run(argv, true);
  }

  /** Whether every command that this one may become is meant, with all that is set for it. */
  boolean must(List<Assignment> set, List<Word> argv) {
    for (Assignment a : set) {
      if (!a.harmless() && assignments.stream().noneMatch(glob -> glob.must(text(a)))) {
        return false;
      }
    }
    return run(argv, false);
  }

  private static String text(Assignment assignment) {
    return assignment.name() + "=" + assignment.value().shape();
  }

  /** Whether it names this in so many letters: an option, a program, a variable. */
  boolean names(String literal) {
    for (Glob word : words) {
      if (word != null && word.head().startsWith(literal)) {
        return true;
      }
    }
    return false;
  }

  /** How many words at its beginning are free of wildcards. */
  int literalWords() {
    int n = 0;
    for (Glob word : words) {
      if (word == null || !word.isLiteral()) {
        break;
      }
      n++;
    }
    return n;
  }

  private boolean run(List<Word> argv, boolean may) {
    if (!argv.isEmpty() && wrongAtOnce(argv.getFirst(), may)) {
      return false;
    }
    boolean[] now = new boolean[words.size() + 1];
    now[0] = true;
    skip(now);
    for (int i = 0; i < argv.size(); i++) {
      boolean[] next = new boolean[now.length];
      step(now, next, argv.get(i), i == 0, may);
      skip(next);
      now = next;
    }
    return now[words.size()];
  }

  private boolean wrongAtOnce(Word program, boolean may) {
    Glob first = words.isEmpty() ? null : words.getFirst();
    if (first == null || program.many()) {
      return false;
    }
    boolean plain = first.isLiteral() && program.isLiteral();
    return (plain && !program.shape().endsWith(first.source()))
        || !matches(first, program, true, may);
  }

  private void skip(boolean[] states) {
    for (int i = 0; i < words.size(); i++) {
      if (states[i] && words.get(i) == null) {
        states[i + 1] = true;
      }
    }
  }

  private void step(boolean[] now, boolean[] next, Word word, boolean program, boolean may) {
    for (int i = 0; i < now.length; i++) {
      if (word.many()) {
        boolean stays = now[i] && i < words.size() && words.get(i) == null;
        next[i] = may ? (now[i] || (i > 0 && next[i - 1])) : stays;
      } else if (now[i] && i < words.size()) {
        Glob glob = words.get(i);
        next[i] |= glob == null;
        next[i + 1] |= glob != null && matches(glob, word, program, may);
      }
    }
  }

  private static boolean matches(Glob glob, Word word, boolean program, boolean may) {
    String text = word.shape();
    if (!program) {
      return may ? glob.may(text) : glob.must(text);
    }
    if (may) {
      return glob.may(text) || glob.may(lastName(text));
    }
    String bare = SystemPaths.bareName(text);
    return (glob.must(text) && text.indexOf(Word.UNKNOWN) < 0 && spelled(glob, text))
        || (bare != null && glob.must(bare));
  }

  /** A star does not reach into directories that the rule does not name. */
  private static boolean spelled(Glob glob, String program) {
    return program.indexOf('/') < 0 || glob.isEverything() || glob.head().indexOf('/') >= 0;
  }

  /** The name of the program, whatever directory it is in. */
  private static String lastName(String program) {
    int unknown = program.lastIndexOf(Word.UNKNOWN);
    int slash = program.lastIndexOf('/');
    return slash > unknown || unknown < 0
        ? program.substring(slash + 1)
        : program.substring(unknown);
  }

  /** Its own words as a command, wildcards unknown: to ask what another pattern covers. */
  List<Word> asArgv() {
    List<Word> argv = new ArrayList<>();
    for (Glob word : words) {
      argv.add(
          word == null
              ? new Word(String.valueOf(Word.UNKNOWN), true, "**")
              : new Word(word.asText(), false, word.source()));
    }
    return argv;
  }

  boolean hasAssignments() {
    return !assignments.isEmpty();
  }
}
