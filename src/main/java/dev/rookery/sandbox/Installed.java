package dev.rookery.sandbox;

import dev.rookery.posix.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * One data directory, by a name that all processes of its sandboxes carry.
 *
 * @param marker begins the host name, or the variable, of each of its sandboxes
 */
record Installed(String marker) {
  private static final String FILE = "sandbox.id";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  static Installed in(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, UUID.randomUUID().toString().substring(0, 8));
      }
      return new Installed("rk-" + Files.readString(file).strip() + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or write " + file, e);
    }
  }

  /**
   * Kills what an earlier server of this data directory left behind. Only for the holder of the
   * directory's lock.
   *
   * @return how many processes there were
   */
  int sweep() {
    List<ProcessTable.Entry> orphans = ProcessTable.now().marked(marker);
    orphans.forEach(orphan -> Libc.kill(orphan.pid(), Libc.SIGKILL));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!orphans.isEmpty()
        && !ProcessTable.now().marked(marker).isEmpty()
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    return orphans.size();
  }
}
