package dev.rookery.policy.shell;

import dev.rookery.policy.shell.Findings.Draft;
import dev.rookery.policy.shell.SimpleCommand.Carried;
import java.util.Optional;
import java.util.Set;

/** {@code env}: sets variables, then runs a command. */
final class Environments {
  private static final Set<String> FLAGS =
      Set.of("-", "-i", "-0", "-v", "--ignore-environment", "--null", "--debug");
  private static final Set<String> VALUED = Set.of("-u", "-C", "--unset", "--chdir");

  private Environments() {}

  static Carried carried(Draft draft, int depth) {
    Optional<Integer> options = Carriers.afterOptions(draft.argv, FLAGS, VALUED);
    if (options.isEmpty()) {
      return new Carried.Opaque("the options of env are not known", "env");
    }
    int at = options.get();
    if (at < draft.argv.size() && draft.argv.get(at).is("-")) {
      at++;
    }
    boolean anyUnknown =
        draft.argv.subList(Math.min(at, draft.argv.size()), draft.argv.size()).stream()
            .takeWhile(word -> !word.isLiteral())
            .anyMatch(word -> !Carriers.setsVariable(word));
    if (anyUnknown) {
      return new Carried.Opaque("what env runs is not known", "env");
    }
    return at >= draft.argv.size()
        ? new Carried.Nothing()
        : Carriers.inner(draft, at, Carriers.usual(draft.argv), depth);
  }
}
