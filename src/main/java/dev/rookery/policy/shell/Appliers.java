package dev.rookery.policy.shell;

import dev.rookery.policy.shell.Findings.Draft;
import dev.rookery.policy.shell.SimpleCommand.Carried;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Commands that run a command on each thing they find or read. */
final class Appliers {
  private static final Set<String> XARGS_FLAGS =
      Set.of("-0", "-r", "-t", "-x", "-p", "-o", "--null", "--no-run-if-empty", "--verbose");
  private static final Set<String> XARGS_VALUED =
      Set.of(
          "-n",
          "-L",
          "-P",
          "-d",
          "-E",
          "-s",
          "-a",
          "--max-args",
          "--max-lines",
          "--max-procs",
          "--delimiter",
          "--arg-file",
          "--max-chars",
          "-I",
          "--replace");
  private static final Set<String> EXECUTES =
      Set.of("-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec", "--exec-batch");

  private Appliers() {}

  static Carried xargs(List<Word> argv, int depth) {
    Optional<Integer> at = Carriers.afterOptions(argv, XARGS_FLAGS, XARGS_VALUED);
    if (at.isEmpty()) {
      return new Carried.Opaque("the options of xargs are not known", "xargs");
    }
    if (at.get() >= argv.size()) {
      return new Carried.Nothing();
    }
    Optional<String> placeholder = placeholder(argv.subList(1, at.get()));
    Draft inner = new Draft();
    argv.subList(at.get(), argv.size())
        .forEach(word -> inner.argv.add(filled(word, placeholder.orElse(""))));
    inner.argv.add(Word.ANYTHING);
    return new Carried.Inner(List.of(Carriers.checked(inner, depth)), at.get(), false);
  }

  private static Optional<String> placeholder(List<Word> options) {
    for (int i = 0; i < options.size(); i++) {
      String text = options.get(i).shape();
      if (text.equals("-I") || text.equals("--replace")) {
        return Optional.of(i + 1 < options.size() ? options.get(i + 1).shape() : "{}");
      }
      if (text.startsWith("-I") || text.startsWith("--replace=")) {
        return Optional.of(text.replaceFirst("^(-I|--replace=)", ""));
      }
    }
    return Optional.empty();
  }

  private static Word filled(Word word, String placeholder) {
    return placeholder.isEmpty() || !word.shape().contains(placeholder)
        ? word
        : new Word(
            word.shape().replace(placeholder, String.valueOf(Word.UNKNOWN)),
            word.many(),
            word.written());
  }

  static Carried find(List<Word> argv, int depth) {
    List<SimpleCommand> commands = new ArrayList<>();
    int first = 0;
    for (int i = 1; i < argv.size(); i++) {
      if (argv.get(i).many() || !EXECUTES.contains(argv.get(i).shape())) {
        continue;
      }
      first = first == 0 ? i + 1 : first;
      Draft inner = new Draft();
      for (i++; i < argv.size() && !endsCommand(argv.get(i)); i++) {
        inner.argv.add(filled(argv.get(i), "{}"));
      }
      inner.argv.add(Word.ANYTHING);
      commands.add(Carriers.checked(inner, depth));
    }
    if (commands.isEmpty()) {
      return (argv.stream().anyMatch(Word::many) && argv.getFirst().shape().contains("find"))
          ? computed(argv)
          : new Carried.Nothing();
    }
    return new Carried.Inner(commands, first, false);
  }

  /** A glob or path may not become an option, but an expansion may. */
  private static Carried computed(List<Word> argv) {
    boolean expands =
        argv.stream().anyMatch(word -> word.many() && word.written().matches("(?s).*[$`].*"));
    return expands
        ? new Carried.Opaque("what find runs is not known", "find")
        : new Carried.Nothing();
  }

  private static boolean endsCommand(Word word) {
    return word.is(";") || word.is("+");
  }
}
