package dev.rookery.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server is started.
 *
 * @param databaseUrl null for SQLite in the directory
 * @param cached whether the prepared AOT cache may be used
 */
record Launch(Path directory, @Nullable String databaseUrl, boolean cached) {
  private static final String LAUNCHER = "rookery.launcher";
  private static final List<String> SERVER_OPTIONS =
      List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  static Launch of(Path directory) {
    return new Launch(directory, null, true);
  }

  /** Whether this program was started by its launcher, which knows of the AOT cache. */
  static boolean byLauncher() {
    return System.getProperty(LAUNCHER) != null;
  }

  /** By the launcher as a user would, or by the JVM that runs this bench. */
  List<String> command() {
    List<String> command = new ArrayList<>();
    String launcher = System.getProperty(LAUNCHER);
    if (launcher != null) {
      command.add(launcher);
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(SERVER_OPTIONS);
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add("dev.rookery.cli.Main");
    }
    command.addAll(List.of("up", "--port", "0", "--data-dir", directory.toString()));
    if (databaseUrl != null) {
      command.addAll(List.of("--database-url", databaseUrl));
    }
    return command;
  }

  /** Options for the launcher's JVM, in the variable that it reads. */
  String javaOptions() {
    String given = System.getenv("ROOKERY_JAVA_OPTS");
    String own = cached ? "" : "-XX:AOTMode=off";
    return given == null ? own : (given + " " + own).strip();
  }
}
