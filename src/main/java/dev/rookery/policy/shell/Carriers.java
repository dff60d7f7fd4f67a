package dev.rookery.policy.shell;

import dev.rookery.policy.shell.Findings.Draft;
import dev.rookery.policy.shell.SimpleCommand.Carried;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands that run other commands: looks through those it knows, and names those it cannot. */
final class Carriers {
  /**
   * How a carrier is written.
   *
   * @param flags options without a value
   * @param valued options with one in the next word
   * @param operands words between the options and the carried command
   * @param transparent whether it adds nothing of its own
   */
  private record Form(Set<String> flags, Set<String> valued, int operands, boolean transparent) {}

  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          form("nohup", "", "", 0, true),
          form("setsid", "-c -f -w --ctty --fork --wait", "", 0, true),
          form("nice", "", "-n --adjustment", 0, true),
          form("ionice", "-t --ignore", "-c -n --class --classdata", 0, true),
          form("stdbuf", "", "-i -o -e --input --output --error", 0, true),
          form(
              "timeout",
              "-v -f -p --foreground --preserve-status --verbose",
              "-s -k --signal --kill-after",
              1,
              true),
          form("command", "-p", "", 0, true),
          form("builtin", "", "", 0, true),
          form("exec", "-c -l -cl", "-a", 0, true),
          form("time", "-p -v --portability --verbose -a -q", "-f -o --format --output", 0, false),
          form(
              "sudo",
              "-A -b -E -e -H -i -k -K -n -P -S -s --preserve-env --non-interactive --login --shell",
              "-u -g -h -p -C -D -R -r -t -T -U --user --group --chdir --chroot",
              0,
              false),
          form("doas", "-n -s -L", "-u -C -a", 0, false),
          form("busybox", "", "", 0, false),
          form("toybox", "", "", 0, false),
          form("catchsegv", "", "", 0, false),
          form("chronic", "", "", 0, false),
          form("unbuffer", "-p", "", 0, false));

  private Carriers() {}

  private static Map.Entry<String, Form> form(
      String name, String flags, String valued, int operands, boolean transparent) {
    return Map.entry(name, new Form(words(flags), words(valued), operands, transparent));
  }

  private static Set<String> words(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
  }

  /** The command of a draft, with what it carries. */
  static SimpleCommand complete(Draft draft, int depth) {
    return new SimpleCommand(
        draft.assignments, draft.argv, draft.redirects, carried(draft, depth + 1));
  }

  /** The name by which a program is known, whatever directory it is in; null when not known. */
  static @Nullable String name(List<Word> argv) {
    if (argv.isEmpty() || !argv.getFirst().isLiteral()) {
      return null;
    }
    String path = argv.getFirst().shape();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Carried carried(Draft draft, int depth) {
    String name = name(draft.argv);
    if (name == null) {
      return new Carried.Nothing();
    }
    try {
      Form form = FORMS.get(name);
      return form != null ? through(name, form, draft, depth) : special(name, draft, depth);
    } catch (Unreadable e) {
      return new Carried.Opaque("what " + name + " runs cannot be read: " + e.why(), name);
    }
  }

  private static Carried special(String name, Draft draft, int depth) {
    return switch (name) {
      case "env" -> Environments.carried(draft, depth);
      case "xargs" -> Appliers.xargs(draft.argv, depth);
      case "find", "fd", "fdfind" -> Appliers.find(draft.argv, depth);
      case "sh", "bash", "dash", "zsh", "ksh", "ash", "mksh", "rbash" ->
          Scripts.shell(name, draft, depth);
      case "eval", "watch", "trap" -> Scripts.words(name, draft.argv, depth);
      default ->
          Programs.judge(name, draft.argv).<Carried>map(o -> o).orElseGet(Carried.Nothing::new);
    };
  }

  private static Carried through(String name, Form form, Draft draft, int depth) {
    List<Word> argv = draft.argv;
    if (name.equals("command") && argv.size() > 1 && argv.get(1).shape().matches("-[vV]")) {
      return new Carried.Nothing();
    }
    Optional<Integer> options = afterOptions(argv, form.flags(), form.valued());
    if (options.isEmpty()) {
      return new Carried.Opaque("the options of " + name + " are not known", name);
    }
    int at = options.get() + form.operands();
    if (at >= argv.size()) {
      return new Carried.Nothing();
    }
    for (int i = options.get(); i < at; i++) {
      if (argv.get(i).many()) {
        return new Carried.Opaque("the options of " + name + " are not known", name);
      }
    }
    return inner(draft, at, form.transparent() && usual(argv), depth);
  }

  /** The words from here on are a command of their own, perhaps with assignments before it. */
  static Carried inner(Draft carrier, int at, boolean transparent, int depth) {
    Draft inner = new Draft();
    int i = at;
    for (; i < carrier.argv.size() && setsVariable(carrier.argv.get(i)); i++) {
      inner.assignments.add(assignment(carrier.argv.get(i)));
    }
    inner.argv.addAll(carrier.argv.subList(i, carrier.argv.size()));
    inner.assignments.addAll(carrier.assignments);
    carrier.redirects.stream()
        .filter(redirect -> redirect.kind() != Redirect.Kind.WRITE)
        .forEach(inner.redirects::add);
    return new Carried.Inner(List.of(checked(inner, depth)), i, transparent);
  }

  static SimpleCommand checked(Draft inner, int depth) {
    new Findings(depth);
    return complete(inner, depth);
  }

  static boolean setsVariable(Word word) {
    int equals = word.shape().indexOf('=');
    return !word.many() && equals > 0 && !word.shape().startsWith("-");
  }

  static Assignment assignment(Word word) {
    int equals = word.shape().indexOf('=');
    return new Assignment(
        word.shape().substring(0, equals),
        new Word(word.shape().substring(equals + 1), false, word.shape().substring(equals + 1)));
  }

  /** Index of the first word that is no option; empty when that cannot be told. */
  static Optional<Integer> afterOptions(List<Word> argv, Set<String> flags, Set<String> valued) {
    int i = 1;
    while (i < argv.size()) {
      Word word = argv.get(i);
      if (word.many() || word.shape().startsWith(String.valueOf(Word.UNKNOWN))) {
        return Optional.empty();
      }
      String text = word.shape();
      if (text.equals("--")) {
        return Optional.of(i + 1);
      }
      if (text.length() < 2 || text.charAt(0) != '-') {
        break;
      }
      if (valued.contains(text)) {
        i += 2;
      } else if (flags.contains(text) || attached(text, valued)) {
        i++;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(i);
  }

  /** Such as {@code -n5}, {@code -oL}, {@code --signal=KILL}, and {@code -5} of nice. */
  private static boolean attached(String text, Set<String> valued) {
    int equals = text.indexOf('=');
    return (equals > 0 && valued.contains(text.substring(0, equals)))
        || (!text.startsWith("--") && valued.contains(text.substring(0, 2)))
        || text.matches("-\\d+");
  }

  /** Whether the program is named by name alone or in a directory of the system. */
  static boolean usual(List<Word> argv) {
    return SystemPaths.bareName(argv.getFirst().shape()) != null;
  }
}
