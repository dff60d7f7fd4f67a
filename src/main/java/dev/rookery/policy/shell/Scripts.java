package dev.rookery.policy.shell;

import dev.rookery.policy.shell.Findings.Draft;
import dev.rookery.policy.shell.SimpleCommand.Carried;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Commands that run a script which stands in the line itself. */
final class Scripts {
  private static final Set<String> WATCH_FLAGS =
      Set.of("-d", "-t", "-b", "-e", "-g", "-c", "-p", "-w");
  private static final Set<String> WATCH_VALUED = Set.of("-n", "--interval");

  private Scripts() {}

  static Carried shell(String name, Draft draft, int depth) {
    List<Word> argv = draft.argv;
    boolean inline = false;
    boolean plain = Carriers.usual(argv);
    int i = 1;
    for (; i < argv.size() && isOption(argv.get(i)); i++) {
      String option = argv.get(i).shape();
      if (option.equals("--") || option.equals("-")) {
        i++;
        break;
      }
      if (!option.matches("[-+][A-Za-z]+|--(posix|norc|noprofile)")) {
        return opaque(name);
      }
      inline |= option.matches("-[A-Za-z]*c[A-Za-z]*");
      plain &= option.matches("-[ceuxvfn]+|--(posix|norc|noprofile)");
      i += option.matches("[-+][A-Za-z]*[oO]") ? 1 : 0;
    }
    String script = inline ? literal(argv, i) : i >= argv.size() ? draft.input() : null;
    if (script == null) {
      return opaque(name);
    }
    ShellLine.Parsed read = Shell.parse(script, depth);
    boolean sure = read.doubts().isEmpty() && (name.equals("bash") || !script.contains("[["));
    return sure
        ? new Carried.Inner(read.commands(), inline ? i : argv.size(), plain)
        : opaque(name);
  }

  private static boolean isOption(Word word) {
    return word.startsWith("-") || word.startsWith("+");
  }

  private static Carried opaque(String name) {
    return new Carried.Opaque(name + " runs a script that does not stand here", name);
  }

  private static @Nullable String literal(List<Word> argv, int at) {
    boolean known = at < argv.size() && argv.get(at).isLiteral();
    return known ? argv.get(at).shape() : null;
  }

  /**
   * {@code eval} and {@code watch} join their words to a script, {@code trap} has it in the first.
   */
  static Carried words(String name, List<Word> argv, int depth) {
    int at =
        name.equals("watch")
            ? Carriers.afterOptions(argv, WATCH_FLAGS, WATCH_VALUED).orElse(argv.size())
            : (argv.size() > 1 && argv.get(1).is("--")) ? 2 : 1;
    int end = name.equals("trap") ? Math.min(argv.size(), at + 1) : argv.size();
    List<Word> script = at < end ? argv.subList(at, end) : List.of();
    if (script.isEmpty() || !script.stream().allMatch(Word::isLiteral)) {
      return new Carried.Opaque("what " + name + " runs is not known", name);
    }
    String text = script.stream().map(Word::shape).collect(Collectors.joining(" "));
    ShellLine.Parsed read = Shell.parse(text, depth);
    return read.doubts().isEmpty()
        ? new Carried.Inner(read.commands(), at, name.equals("eval"))
        : new Carried.Opaque("what " + name + " runs computes", name);
  }
}
