package dev.rookery.policy;

import dev.rookery.policy.Spec.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds rules that say nothing: shadowed by stricter ones, or about tools that do not exist. */
public final class LintRules {
  private LintRules() {}

  /**
   * Something about a rule that its author should know.
   *
   * @param by the rule that takes its effect; null when it is not another rule
   */
  public record Finding(Grant grant, @Nullable Grant by, String why) {}

  /**
   * Warnings about rules in force together. Rules that can never match are no warnings: they are
   * refused as {@code bad-rule} when they are made.
   *
   * @param tools names of the tools that exist now
   */
  public static List<Finding> check(Collection<Grant> grants, Set<String> tools) {
    List<Finding> findings = new ArrayList<>();
    for (Grant grant : grants) {
      Spec spec = SpecRules.read(grant.rule());
      if (spec instanceof Spec.Named(Glob tool) && tools.stream().noneMatch(tool::must)) {
        findings.add(
            new Finding(
                grant,
                null,
                "There is no tool '" + grant.rule() + "' now; the rule waits for one."));
      }
      grants.stream()
          .filter(other -> takesEffectOf(other, grant))
          .findFirst()
          .ifPresent(other -> findings.add(shadowed(grant, other)));
    }
    return findings;
  }

  private static Finding shadowed(Grant grant, Grant by) {
    String why =
        by.verdict() == grant.verdict()
            ? "It adds nothing to '" + by + "'."
            : "It never takes effect: '" + by + "' names all that it names, and is stricter.";
    return new Finding(grant, by, why);
  }

  private static boolean takesEffectOf(Grant by, Grant grant) {
    if (by.equals(grant) || by.verdict().stricter(grant.verdict()) != by.verdict()) {
      return false;
    }
    Spec wide = SpecRules.read(by.rule());
    Spec narrow = SpecRules.read(grant.rule());
    boolean mutual = by.verdict() == grant.verdict() && covers(narrow, wide);
    return covers(wide, narrow) && (!mutual || by.rule().compareTo(grant.rule()) < 0);
  }

  /** Whether all that the narrow one names is named by the wide one. */
  static boolean covers(Spec wide, Spec narrow) {
    if (wide instanceof Spec.Named(Glob tool)) {
      return tool.isEverything()
          || (narrow instanceof Spec.Named(Glob other) && tool.must(other.asText()));
    }
    return switch (narrow) {
      case Spec.Named _ -> false;
      case Spec.Classed _, Spec.Whole _ -> wide.equals(narrow);
      case Spec.Shell(ShellPattern pattern) ->
          isWhole(wide, Kind.BASH)
              || (wide instanceof Spec.Shell(ShellPattern other)
                  && !pattern.hasAssignments()
                  && !other.hasAssignments()
                  && other.must(List.of(), pattern.asArgv()));
      case Spec.Files(Kind kind, Glob path) ->
          isWhole(wide, kind)
              || (wide instanceof Spec.Files(Kind other, Glob glob)
                  && other == kind
                  && glob.must(path.asText()));
      case Spec.Web web ->
          isWhole(wide, Kind.HTTP) || (wide instanceof Spec.Web other && covers(other, web));
      case Spec.Server(Glob server, Glob tool) ->
          isWhole(wide, Kind.MCP)
              || (wide instanceof Spec.Server(Glob otherServer, Glob otherTool)
                  && otherServer.must(server.asText())
                  && otherTool.must(tool.asText()));
      case Spec.Message(Glob channel, Glob to) ->
          isWhole(wide, Kind.SEND)
              || (wide instanceof Spec.Message(Glob otherChannel, Glob otherTo)
                  && covers(otherChannel, channel)
                  && covers(otherTo, to));
    };
  }

  private static boolean isWhole(Spec spec, Kind kind) {
    return spec instanceof Spec.Whole(Kind whole) && whole == kind;
  }

  private static boolean covers(Spec.Web wide, Spec.Web narrow) {
    return covers(wide.host(), narrow.host())
        && covers(wide.path(), narrow.path())
        && covers(wide.methods(), narrow.methods())
        && covers(wide.ports(), narrow.ports());
  }

  private static <T> boolean covers(Set<T> wide, Set<T> narrow) {
    return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
  }

  /** A field that is not there means anything. */
  private static boolean covers(@Nullable Glob wide, @Nullable Glob narrow) {
    return wide == null || wide.must(Objects.requireNonNullElse(narrow, Glob.text("*")).asText());
  }
}
