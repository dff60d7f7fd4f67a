package dev.rookery.homes;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One agent's own directory.
 *
 * @param path on this machine; its parents belong to Rookery
 * @param uid who owns what is in it, as user and as group; null when everything runs as one user
 */
public record Home(Path path, @Nullable Integer uid) {
  /** Where the agent sees it. */
  public static final String INSIDE = "/home/agent";

  public Home {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("a home needs an absolute path: " + path);
    }
  }
}
