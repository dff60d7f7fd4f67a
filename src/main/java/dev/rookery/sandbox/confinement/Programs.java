package dev.rookery.sandbox.confinement;

import dev.rookery.posix.SpawnFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the system's programs are. Not taken from PATH, which others may set. */
final class Programs {
  private static final List<String> PLACES =
      List.of("/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin");

  private Programs() {}

  /**
   * The absolute path.
   *
   * @throws SpawnFailure when it is not installed
   */
  static String find(String name) {
    for (String place : PLACES) {
      Path candidate = Path.of(place, name);
      if (Files.isExecutable(candidate)) {
        return candidate.toString();
      }
    }
    throw new SpawnFailure(name + " is not installed");
  }

  /** Drops to the user for good when there is one, and lets nobody gain privileges. */
  static List<String> asUser(boolean ownUsers, int user, List<String> more) {
    List<String> argv = new ArrayList<>();
    if (ownUsers || !more.isEmpty()) {
      argv.add(find("setpriv"));
      argv.add("--no-new-privs");
      if (ownUsers) {
        argv.addAll(
            List.of(
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all"));
      }
      argv.addAll(more);
    }
    return argv;
  }

  /** Limits of the system, taken on by what follows. */
  static List<String> limited(String program, Limits limits, int processes) {
    List<String> argv = new ArrayList<>();
    argv.add(program);
    if (processes > 0) {
      argv.add("--nproc=" + processes);
    }
    argv.add("--nofile=" + limits.files());
    argv.add("--fsize=" + limits.fileBytes());
    argv.add("--core=0");
    argv.add("--");
    return argv;
  }
}
