package dev.rookery.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How this program is called, so that commands in messages can be pasted. */
final class Program {
  private Program() {}

  /** {@code ./rookery} in a clone, {@code rookery} elsewhere. */
  static String name() {
    return name(System.getProperty("rookery.launcher"), Path.of("").toAbsolutePath());
  }

  static String name(@Nullable String launcher, Path here) {
    boolean inClone = launcher != null && here.equals(Path.of(launcher).getParent());
    return inClone ? "./rookery" : "rookery";
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
