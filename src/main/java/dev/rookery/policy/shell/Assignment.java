package dev.rookery.policy.shell;

import java.util.Set;
import java.util.regex.Pattern;

/** A variable that is set, for one command or for those that follow. */
public record Assignment(String name, Word value) {
  private static final Pattern LOCAL = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Set<String> LOUD = Set.of("path", "fpath", "histchars", "auto_resume");
  private static final Set<String> HARMLESS =
      Set.of(
          "CI",
          "COLUMNS",
          "DEBIAN_FRONTEND",
          "FORCE_COLOR",
          "LANG",
          "LANGUAGE",
          "LC_ALL",
          "LC_COLLATE",
          "LC_CTYPE",
          "LC_MESSAGES",
          "LC_NUMERIC",
          "LC_TIME",
          "LINES",
          "NO_COLOR",
          "TERM",
          "TZ");

  /**
   * Whether it cannot change what a program is or does. Names of the environment are guilty until
   * known: PATH, LD_PRELOAD, BASH_ENV, GIT_SSH_COMMAND and many more run code. So is a value with a
   * substitution in quotes, which arithmetic would run.
   */
  public boolean harmless() {
    boolean known =
        HARMLESS.contains(name)
            || (LOCAL.matcher(name).matches()
                && !LOUD.contains(name)
                && !name.endsWith("_proxy")
                && !name.startsWith("npm_"));
    return known && value.shape().indexOf('`') < 0 && !value.shape().contains("$(");
  }
}
