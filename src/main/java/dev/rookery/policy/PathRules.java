package dev.rookery.policy;

import dev.rookery.policy.shell.Redirect;
import dev.rookery.policy.shell.Word;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What paths mean, and which ones may mean something else to who reads them. */
final class PathRules {
  private static final String HOME = "/home/agent/";
  private static final Pattern CROOKED_REQUEST =
      Pattern.compile("(?i)//|/\\.{1,2}(/|$)|\\\\|%2e|%2f|%5c|%25|;");

  private PathRules() {}

  /** Not below the home, or not normalised. */
  static boolean isCrooked(String path) {
    return path.isEmpty()
        || path.startsWith("/")
        || path.startsWith("./")
        || path.startsWith("../")
        || path.equals("..")
        || path.contains("//")
        || path.contains("/../")
        || path.contains("/./")
        || path.endsWith("/..")
        || path.endsWith("/");
  }

  /** Any path below this one, with an unknown part. */
  static String below(String path) {
    return path.equals(".") ? String.valueOf(Word.UNKNOWN) : path + "/" + Word.UNKNOWN;
  }

  /** Servers may read such a path as another one. */
  static boolean isCrookedRequest(String path) {
    return !path.startsWith("/") || CROOKED_REQUEST.matcher(withoutQuery(path)).find();
  }

  static String withoutQuery(String path) {
    int end = path.indexOf('?');
    return end < 0 ? path : path.substring(0, end);
  }

  /**
   * The file of a redirection below the home; null when that is not known, or not below it.
   *
   * @param moved whether the line changes its directory, so that relative paths say nothing
   */
  static @Nullable String target(Redirect redirect, boolean moved) {
    Word word = redirect.target();
    String text = word.shape();
    boolean home = word.written().startsWith("~/") && text.indexOf(Word.UNKNOWN) == 0;
    String path = home ? HOME + text.substring(Math.min(2, text.length())) : text;
    if (word.many() || path.indexOf(Word.UNKNOWN) >= 0 || (moved && !path.startsWith("/"))) {
      return null;
    }
    return normal(path.startsWith("/") ? path : HOME + path);
  }

  private static @Nullable String normal(String absolute) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : absolute.split("/")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    String normal = "/" + String.join("/", parts);
    return normal.startsWith(HOME) ? normal.substring(HOME.length()) : null;
  }
}
