package dev.rookery.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a rule is about, read from its text by {@link SpecRules}. */
sealed interface Spec {
  /** Calls of tools with these names. */
  record Named(Glob tool) implements Spec {}

  /** Calls that may do what belongs to a class: {@code @fs.write}. */
  record Classed(Capability capability) implements Spec {}

  /** Every demand of a kind, and the tool of that name: {@code bash} without parentheses. */
  record Whole(Kind kind) implements Spec {}

  record Shell(ShellPattern pattern) implements Spec {}

  record Files(Kind kind, Glob path) implements Spec {}

  record Web(@Nullable Glob host, Set<String> methods, Set<Integer> ports, @Nullable Glob path)
      implements Spec {
    public Web {
      methods = Set.copyOf(methods);
      ports = Set.copyOf(ports);
    }
  }

  record Server(Glob server, Glob tool) implements Spec {}

  record Message(@Nullable Glob channel, @Nullable Glob destination) implements Spec {}

  /** What typed rules are about. */
  enum Kind {
    BASH,
    READ,
    WRITE,
    HTTP,
    MCP,
    SEND
  }
}
