package dev.rookery.policy;

import dev.rookery.policy.Grant.Verdict;
import dev.rookery.policy.Ruling.Part;
import dev.rookery.policy.Spec.Kind;
import dev.rookery.policy.shell.Assignment;
import dev.rookery.policy.shell.Redirect;
import dev.rookery.policy.shell.Shell;
import dev.rookery.policy.shell.ShellLine;
import dev.rookery.policy.shell.SimpleCommand;
import dev.rookery.policy.shell.SimpleCommand.Carried;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides on a command line. To deny or to ask it is enough that one command may be meant; to
 * allow, every command must be, each for itself.
 */
final class CommandRules {
  private final Ruleset rules;
  private final Circumstances now;
  private final @Nullable Grant asked;
  private final @Nullable Grant allowed;
  private final boolean looked;

  /**
   * @param asked rule that asks on every call of the tool
   * @param allowed rule that allows every call of the tool
   */
  CommandRules(Ruleset rules, Circumstances now, @Nullable Grant asked, @Nullable Grant allowed) {
    this.rules = rules;
    this.now = now;
    this.asked = asked == null ? rules.ask().whole(Kind.BASH) : asked;
    this.allowed = allowed == null ? rules.allow().whole(Kind.BASH) : allowed;
    this.looked = rules.deny().looksIntoCommands() || rules.ask().looksIntoCommands();
  }

  Ruling decide(String line, boolean explain) {
    Grant denied = rules.deny().whole(Kind.BASH);
    if (denied != null) {
      return Ruling.by(denied, "every command");
    }
    return switch (Shell.read(line)) {
      case ShellLine.Unparsed(String why) -> unparsed(why);
      case ShellLine.Parsed parsed -> parsed(parsed, explain);
    };
  }

  private Ruling unparsed(String why) {
    if (asked != null) {
      return Ruling.by(asked, "every command");
    }
    return (allowed != null && !looked)
        ? Ruling.by(allowed, "every command")
        : Ruling.nobody(now, "The command cannot be read (" + why + ")");
  }

  private Ruling parsed(ShellLine.Parsed line, boolean explain) {
    boolean moved = line.commands().stream().anyMatch(CommandRules::moves);
    List<Part> parts = new ArrayList<>();
    Part strictest = null;
    for (SimpleCommand command : line.commands()) {
      Part part = part(command, moved, explain);
      strictest = stricter(part, strictest);
      if (explain) {
        parts.add(part);
      } else if (part.verdict() == Verdict.DENY) {
        break;
      }
    }
    for (String doubt : line.doubts()) {
      Part part = doubtful(doubt);
      strictest = stricter(part, strictest);
      if (explain) {
        parts.add(part);
      }
    }
    if (strictest == null) {
      return unparsed("it holds no command");
    }
    return new Ruling(strictest.verdict(), strictest.rule(), strictest.why(), parts);
  }

  private static Part stricter(Part part, @Nullable Part than) {
    if (than == null || part.verdict().compareTo(than.verdict()) > 0) {
      return part;
    }
    return than;
  }

  private static boolean moves(SimpleCommand command) {
    return !command.argv().isEmpty()
        && switch (command.argv().getFirst().shape()) {
          case "cd", "pushd", "popd", "chdir" -> true;
          default -> !command.argv().getFirst().isLiteral();
        };
  }

  private Part part(SimpleCommand command, boolean moved, boolean explain) {
    Ruling ruling = forbidden(command, moved, rules.deny());
    if (ruling == null && asked != null) {
      ruling = Ruling.by(asked, "every command");
    }
    if (ruling == null) {
      ruling = forbidden(command, moved, rules.ask());
    }
    if (ruling == null) {
      ruling = permitted(command, moved);
    }
    String what = explain ? command.written() : "";
    return new Part(what, ruling.verdict(), ruling.rule(), ruling.why());
  }

  private Part doubtful(String doubt) {
    Ruling ruling = unparsed(doubt);
    return new Part(doubt, ruling.verdict(), ruling.rule(), ruling.why());
  }

  /** The rule of this layer on something that the command may do. */
  private @Nullable Ruling forbidden(SimpleCommand command, boolean moved, Layer layer) {
    if (!layer.looksIntoCommands()
        && layer.whole(Kind.WRITE) == null
        && layer.whole(Kind.READ) == null) {
      return null;
    }
    Grant named = layer.mayCommand(command.assignments(), command.argv());
    if (named != null) {
      return Ruling.by(named, "'" + command.written() + "'");
    }
    for (Redirect redirect : command.redirects()) {
      Grant file = redirect.touchesFile() ? file(redirect, moved, layer) : null;
      if (file != null) {
        return Ruling.by(file, "the redirection of '" + command.written() + "'");
      }
    }
    if (command.carried() instanceof Carried.Inner inner) {
      for (SimpleCommand carried : inner.commands()) {
        Ruling ruling = forbidden(carried, moved, layer);
        if (ruling != null) {
          return ruling;
        }
      }
    }
    return null;
  }

  private static Kind kind(Redirect redirect) {
    return redirect.kind() == Redirect.Kind.WRITE ? Kind.WRITE : Kind.READ;
  }

  private @Nullable Grant file(Redirect redirect, boolean moved, Layer layer) {
    Kind kind = kind(redirect);
    String path = PathRules.target(redirect, moved);
    return path == null ? layer.whole(kind) : layer.file(kind, path);
  }

  /** What allows the command, or a person decides. */
  private Ruling permitted(SimpleCommand command, boolean moved) {
    String doubt = doubt(command, moved);
    if (allowed != null && (doubt == null || !looked)) {
      return Ruling.by(allowed, "every command");
    }
    for (Redirect redirect : command.redirects()) {
      if (redirect.touchesFile() && !mayRedirect(redirect, moved)) {
        return Ruling.nobody(now, "No rule allows the redirection of '" + command.written() + "'");
      }
    }
    Grant named = named(command);
    if (named != null) {
      return Ruling.by(named, "the command");
    }
    String why = doubt == null ? "No rule allows" : "Not all is known (" + doubt + ") of";
    return Ruling.nobody(now, why + " '" + command.written() + "'");
  }

  private boolean mayRedirect(Redirect redirect, boolean moved) {
    if (redirect.connects()) {
      return false;
    }
    Kind kind = kind(redirect);
    boolean known = PathRules.target(redirect, moved) != null;
    boolean looksAt = rules.deny().looksAt(kind) || rules.ask().looksAt(kind);
    if (kind == Kind.READ) {
      return known || !looksAt;
    }
    boolean permitted = allowed != null || file(redirect, moved, rules.allow()) != null;
    return permitted && (known || !looksAt);
  }

  /** The specific rule that allows the command and what it carries; null when there is none. */
  private @Nullable Grant named(SimpleCommand command) {
    if (command.argv().isEmpty()) {
      return settings(command);
    }
    return switch (command.carried()) {
      case Carried.Nothing() -> own(command, 0, null);
      case Carried.Opaque(_, String named) -> own(command, 0, named);
      case Carried.Inner inner -> carrying(command, inner);
    };
  }

  private @Nullable Grant carrying(SimpleCommand command, Carried.Inner inner) {
    Grant whole = own(command, inner.at() + 1, null);
    if (whole != null) {
      return whole;
    }
    boolean quiet = command.assignments().stream().allMatch(Assignment::harmless);
    boolean free = inner.transparent() && quiet;
    Grant outer = free ? anyAllow() : own(command, 0, null);
    Grant last = outer;
    for (SimpleCommand carried : inner.commands()) {
      Grant one = last == null ? null : carriedBy(carried);
      last = one;
    }
    return last;
  }

  private @Nullable Grant carriedBy(SimpleCommand carried) {
    boolean redirects =
        carried.redirects().stream().allMatch(r -> !r.touchesFile() || mayRedirect(r, true));
    if (!redirects) {
      return null;
    }
    Grant named = named(carried);
    return named == null && doubt(carried, true) == null ? allowed : named;
  }

  /** Stands for the carrier that needs no rule of its own. */
  private @Nullable Grant anyAllow() {
    if (allowed != null) {
      return allowed;
    }
    List<Layer.Entry<ShellPattern>> shell = rules.allow().shell();
    return shell.isEmpty() ? null : shell.getFirst().grant();
  }

  /**
   * The rule on the command's own words.
   *
   * @param literal how many words it must spell out at least
   * @param mention what it must spell out besides; null for nothing
   */
  private @Nullable Grant own(SimpleCommand command, int literal, @Nullable String mention) {
    for (Layer.Entry<ShellPattern> entry : rules.allow().shell()) {
      ShellPattern pattern = entry.what();
      if (pattern.must(command.assignments(), command.argv())
          && (literal == 0 || pattern.literalWords() >= literal)
          && (mention == null || pattern.names(mention))) {
        return entry.grant();
      }
    }
    return null;
  }

  /** Variables that cannot change a program are free for whoever may run anything. */
  private @Nullable Grant settings(SimpleCommand command) {
    if (command.assignments().stream().allMatch(Assignment::harmless)) {
      return anyAllow();
    }
    for (Layer.Entry<ShellPattern> entry : rules.allow().shell()) {
      if (entry.what().hasAssignments() && entry.what().must(command.assignments(), List.of())) {
        return entry.grant();
      }
    }
    return null;
  }

  /** What cannot be seen of the command, so that a rule against it might be evaded. */
  private @Nullable String doubt(SimpleCommand command, boolean moved) {
    for (Assignment assignment : command.assignments()) {
      if (!assignment.harmless()) {
        return "it sets " + assignment.name();
      }
    }
    for (Redirect redirect : command.redirects()) {
      boolean hidden = redirect.touchesFile() && PathRules.target(redirect, moved) == null;
      if (redirect.connects() || (hidden && mattersTo(kind(redirect)))) {
        return "its redirection";
      }
    }
    return switch (command.carried()) {
      case Carried.Nothing() -> null;
      case Carried.Opaque(String why, _) -> why;
      case Carried.Inner inner -> firstDoubt(inner, moved);
    };
  }

  private boolean mattersTo(Kind kind) {
    return rules.deny().looksAt(kind) || rules.ask().looksAt(kind);
  }

  private @Nullable String firstDoubt(Carried.Inner inner, boolean moved) {
    for (SimpleCommand carried : inner.commands()) {
      String doubt = doubt(carried, moved);
      if (doubt != null) {
        return doubt;
      }
    }
    return null;
  }
}
