package dev.rookery.homes;

import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How much of its quota a home takes, measured on the disk every few seconds at most. */
final class HomeUsage {
  private static final long KEPT = Duration.ofSeconds(15).toNanos();

  private final Home home;
  private final long quota;
  private long used;
  private long measuredAt;
  private boolean measured;

  HomeUsage(Home home, long quota) {
    this.home = home;
    this.quota = quota;
  }

  /** Bytes on the disk. A file with several names counts once. */
  synchronized long used() {
    if (!measured || System.nanoTime() - measuredAt > KEPT) {
      try (Fd top = Descent.openHome(home)) {
        used = measure(top, 0, new HashSet<>());
      }
      measured = true;
      measuredAt = System.nanoTime();
    }
    return used;
  }

  long quota() {
    return quota;
  }

  /**
   * Counts so many bytes more, or fewer.
   *
   * @throws Refusal {@code home-quota-exceeded}
   */
  synchronized void add(long bytes) {
    long before = used();
    if (bytes > 0 && before + bytes > quota) {
      throw new Refusal(
          Refusal.Kind.TOO_LARGE,
          "home-quota-exceeded",
          "The home holds %d of %d bytes; %d more do not fit. Delete what is not needed first."
              .formatted(before, quota, bytes));
    }
    used = Math.max(0, before + bytes);
  }

  /** Measures anew when next asked. */
  synchronized void forget() {
    measured = false;
  }

  private static long measure(Fd directory, int depth, Set<FileStatus.Node> linked) {
    long[] sum = {0};
    List<String> directories = new ArrayList<>();
    Posix.names(
        directory,
        name -> {
          FileStatus status = statusOrNull(directory, name);
          if (status != null && status.isDirectory()) {
            directories.add(name);
          } else if (status != null && (status.links() == 1 || linked.add(status.inode()))) {
            sum[0] += status.allocated();
          }
        });
    if (depth < TreeWalk.MAX_DEPTH) {
      for (String name : directories) {
        sum[0] += measure(directory, name, depth + 1, linked);
      }
    }
    return sum[0];
  }

  private static long measure(Fd parent, String name, int depth, Set<FileStatus.Node> linked) {
    try (Fd inner = Posix.openDirectory(parent, name)) {
      return measure(inner, depth, linked);
    } catch (PosixFailure _) {
      return 0; // gone meanwhile
    }
  }

  private static @Nullable FileStatus statusOrNull(Fd directory, String name) {
    try {
      return Posix.status(directory, name);
    } catch (PosixFailure _) {
      return null; // gone meanwhile
    }
  }
}
