package dev.rookery.homes;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;

/**
 * A pattern of paths: {@code *} and {@code ?} within a name, {@code **} across directories, {@code
 * [a-z]}, {@code [!a-z]}, {@code {a,b}}. Matched in linear time.
 */
final class Glob {
  private static final int MAX_LENGTH = 1_000;
  private static final String SPECIAL = "*?[{";

  private final Pattern regex;
  private final String start;

  private Glob(Pattern regex, String start) {
    this.regex = regex;
    this.start = start;
  }

  /**
   * @throws Refusal {@code bad-glob}
   */
  static Glob of(String pattern) {
    if (pattern.isEmpty() || pattern.length() > MAX_LENGTH) {
      throw bad(pattern, "it must have 1 to " + MAX_LENGTH + " characters");
    }
    try {
      return new Glob(
          Pattern.compile(new Translation(pattern).regex(), Pattern.DOTALL), literal(pattern));
    } catch (PatternSyntaxException e) {
      throw bad(pattern, "its brackets or braces are not in order");
    }
  }

  /** As {@link #of}; a pattern without a slash is one of names, in any directory. */
  static Glob ofNames(String pattern) {
    return of(pattern.contains("/") ? pattern : "**/" + pattern);
  }

  private static Refusal bad(String pattern, String why) {
    return Refusal.badInput(
        "bad-glob",
        "The glob pattern '%s' cannot be used: %s.",
        Text.clean(Text.brief(pattern, 100)),
        why);
  }

  /** The directories that every match lies below, with a slash at the end; may be empty. */
  private static String literal(String pattern) {
    int end = 0;
    for (int i = 0; i < pattern.length() && SPECIAL.indexOf(pattern.charAt(i)) < 0; i++) {
      if (pattern.charAt(i) == '\\') {
        return "";
      }
      end = pattern.charAt(i) == '/' ? i + 1 : end;
    }
    return pattern.substring(0, end);
  }

  String start() {
    return start;
  }

  boolean matches(String path) {
    return regex.matches(path);
  }

  /** One pass over the pattern. */
  private static final class Translation {
    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private int braces;

    private Translation(String glob) {
      this.glob = glob;
    }

    private String regex() {
      while (at < glob.length()) {
        translate(glob.charAt(at++));
      }
      if (braces != 0) {
        throw bad(glob, "a brace is not closed");
      }
      return regex.toString();
    }

    private void translate(char c) {
      switch (c) {
        case '*' -> star();
        case '?' -> regex.append("[^/]");
        case '[' -> characters();
        case '{' -> {
          braces++;
          regex.append("(?:");
        }
        case '}' -> regex.append(braces > 0 && braces-- > 0 ? ")" : "\\}");
        case ',' -> regex.append(braces > 0 ? "|" : ",");
        case '\\' -> quote(at < glob.length() ? glob.charAt(at++) : '\\');
        default -> quote(c);
      }
    }

    private void star() {
      if (!glob.startsWith("*", at)) {
        regex.append("[^/]*");
        return;
      }
      at++;
      boolean begins = at == 2 || glob.charAt(at - 3) == '/';
      if (begins && glob.startsWith("/", at)) {
        at++;
        regex.append("(?:.*/)?");
      } else {
        regex.append(".*");
      }
    }

    private void characters() {
      int end = glob.indexOf(']', at + 1);
      if (end < 0) {
        throw bad(glob, "a bracket is not closed");
      }
      String body = glob.substring(at, end);
      boolean not = body.startsWith("!") || body.startsWith("^");
      regex.append(not ? "[^/" : "[");
      for (char c : body.substring(not ? 1 : 0).toCharArray()) {
        regex.append("\\[]^&~".indexOf(c) >= 0 ? "\\" : "").append(c);
      }
      regex.append(']');
      at = end + 1;
    }

    private void quote(char c) {
      if ("\\.[]{}()*+-?^$|".indexOf(c) >= 0) {
        regex.append('\\');
      }
      regex.append(c);
    }
  }
}
