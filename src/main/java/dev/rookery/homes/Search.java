package dev.rookery.homes;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What to look for in a home, and what was found. */
public final class Search {
  private Search() {}

  /**
   * How far a search goes.
   *
   * @param everywhere also into {@code .git}, {@code node_modules} and {@code .rookery}
   * @param limit of results
   * @param time after which it ends with what it has
   * @param stop asked now and then; true ends it
   */
  public record Bounds(boolean everywhere, int limit, Duration time, BooleanSupplier stop) {}

  /**
   * Files by name.
   *
   * @param pattern a glob, relative to {@code below}
   */
  public record Names(String pattern, String below, Bounds bounds) {
    /**
     * The directory that everything it finds lies below, as it is written.
     *
     * @throws dev.rookery.kernel.Refusal {@code bad-glob}, {@code path-outside-home}
     */
    public String start() {
      return NameSearch.start(this).toString();
    }
  }

  /**
   * Lines by content.
   *
   * @param regex in the syntax of RE2
   * @param below a directory, or one file
   * @param include glob of the files that are searched; null for all
   * @param context lines before and after each match
   */
  public record Content(
      String regex,
      String below,
      @Nullable String include,
      boolean ignoreCase,
      int context,
      Bounds bounds) {}

  /**
   * What was found.
   *
   * @param lines paths, or {@code path:number:text} for matches and {@code path-number-text} for
   *     their context
   * @param matches how many of them were asked for
   * @param notes what was left out, as sentences
   */
  public record Result(List<String> lines, int matches, List<String> notes) {
    public Result {
      lines = List.copyOf(lines);
      notes = List.copyOf(notes);
    }
  }
}
