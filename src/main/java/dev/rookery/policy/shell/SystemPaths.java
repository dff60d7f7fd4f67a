package dev.rookery.policy.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where programs of the system are. */
public final class SystemPaths {
  private static final List<String> DIRECTORIES =
      List.of("/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/");

  private SystemPaths() {}

  /**
   * The bare name of a program that is called by it or by its place in a directory of the system.
   * Null for all other paths: what is there may be a copy or a namesake.
   */
  public static @Nullable String bareName(String program) {
    if (program.indexOf('/') < 0) {
      return program;
    }
    for (String directory : DIRECTORIES) {
      if (program.startsWith(directory)
          && program.length() > directory.length()
          && program.indexOf('/', directory.length()) < 0) {
        return program.substring(directory.length());
      }
    }
    return null;
  }
}
