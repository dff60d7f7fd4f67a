package dev.rookery.homes;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.posix.FileNames;
import java.util.ArrayList;
import java.util.List;

/**
 * A place below a home as somebody wrote it, normalised.
 *
 * @param parts names from the home down; empty for the home itself
 */
public record HomePath(List<String> parts) {
  private static final int MAX_PATH = 4095;
  private static final int MAX_NAME = 255;

  public HomePath {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a path: relative to the home, below {@code ~}, or below {@value Home#INSIDE}. {@code ..}
   * goes up within the home. Whatever else a name may mean elsewhere (percent signs, backslashes,
   * characters that look like dots) it is a name.
   *
   * @throws Refusal {@code bad-path} for what no path can be, {@code path-outside-home}
   */
  public static HomePath parse(String text) {
    check(text);
    List<String> parts = new ArrayList<>();
    for (String name : below(text).split("/", -1)) {
      if (name.equals("..")) {
        if (parts.isEmpty()) {
          throw outside(text);
        }
        parts.removeLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        parts.add(checkName(name));
      }
    }
    return new HomePath(parts);
  }

  private static String below(String text) {
    if (text.equals("~") || text.startsWith("~/")) {
      return text.substring(1);
    }
    if (!text.startsWith("/")) {
      return text;
    }
    String path = text.replaceAll("/(\\./|/)+", "/");
    if (path.equals(Home.INSIDE) || path.startsWith(Home.INSIDE + "/")) {
      return path.substring(Home.INSIDE.length());
    }
    throw outside(text);
  }

  private static void check(String text) {
    if (text.isEmpty()) {
      throw bad(text, "it is empty; '.' is the home itself");
    }
    if (text.length() > MAX_PATH || FileNames.encode(text).length > MAX_PATH) {
      throw bad(text, "it is longer than " + MAX_PATH + " bytes");
    }
    if (text.indexOf('\0') >= 0) {
      throw bad(text, "it holds a NUL");
    }
    if (!Text.clean(text).equals(text)) {
      throw bad(text, "it is no valid Unicode");
    }
  }

  private static String checkName(String name) {
    if (FileNames.encode(name).length > MAX_NAME) {
      throw bad(name, "a name in it is longer than " + MAX_NAME + " bytes");
    }
    return name;
  }

  private static Refusal bad(String text, String why) {
    return Refusal.badInput(
        "bad-path",
        "The path '%s' cannot be used: %s.",
        FileNames.shown(Text.brief(text, 200)),
        why);
  }

  static Refusal outside(String text) {
    return Refusal.badInput(
        "path-outside-home",
        "'%s' is outside of the home directory. Use a path below %s, such as notes/today.md.",
        FileNames.shown(Text.brief(text, 200)),
        Home.INSIDE);
  }

  public boolean isHome() {
    return parts.isEmpty();
  }

  /** The name of this very file. */
  String name() {
    return parts.getLast();
  }

  HomePath child(String name) {
    List<String> longer = new ArrayList<>(parts);
    longer.add(name);
    return new HomePath(longer);
  }

  /** Below the home, without a leading slash; {@code .} is the home itself. */
  @Override
  public String toString() {
    return parts.isEmpty() ? "." : String.join("/", parts);
  }
}
