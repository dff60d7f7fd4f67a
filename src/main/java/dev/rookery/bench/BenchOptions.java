package dev.rookery.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every bench takes. */
final class BenchOptions {
  private static final int USUAL_ROUNDS = 5;

  @Option(
      names = "--quick",
      description = "A few requests only: shows that the bench works, its figures mean little.")
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "<n>",
      description = "How often each figure is taken; the median is shown (default: 5).")
  private int rounds = USUAL_ROUNDS;

  @Option(
      names = "--database-url",
      paramLabel = "<url>",
      description =
          "Measure on this PostgreSQL database (jdbc:postgresql://…), which must be empty, instead of SQLite.")
  private @Nullable String databaseUrl;

  @Option(
      names = "--in",
      paramLabel = "<dir>",
      description = "Where temporary data directories are made, to choose the disk.")
  private @Nullable Path in;

  private final List<Path> made = new ArrayList<>();

  boolean quick() {
    return quick;
  }

  /** At least one; a quick bench takes each figure once. */
  int rounds() {
    return quick ? 1 : Math.max(1, rounds);
  }

  /** The first number as a rule, the second in a quick bench. */
  int size(int usual, int small) {
    return quick ? small : usual;
  }

  @Nullable String databaseUrl() {
    return databaseUrl;
  }

  /** A new empty directory, removed by {@link #clear}. */
  Path directory(String name) {
    try {
      String prefix = "rookery-bench-" + name + "-";
      Path directory =
          in == null ? Files.createTempDirectory(prefix) : Files.createTempDirectory(in, prefix);
      made.add(directory);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory can be made: " + e.getMessage(), e);
    }
  }

  void clear() {
    made.forEach(Directories::remove);
    made.clear();
  }
}
