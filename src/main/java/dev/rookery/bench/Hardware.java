package dev.rookery.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The machine that was measured. Figures of another one cannot be compared with it.
 *
 * @param fsyncMillis median time of appending 4 KiB to a file and syncing it to disk
 * @param load average of the last minute before the bench; negative when unknown
 */
record Hardware(int cpus, long memoryMib, String os, String java, double fsyncMillis, double load) {
  private static final int SYNCS = 101;

  /**
   * @param directory on the disk that is measured
   */
  static Hardware here(Path directory) {
    var system = ManagementFactory.getOperatingSystemMXBean();
    long memory =
        system instanceof com.sun.management.OperatingSystemMXBean known
            ? known.getTotalMemorySize() >> 20
            : 0;
    return new Hardware(
        Runtime.getRuntime().availableProcessors(),
        memory,
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        fsyncMillis(directory),
        system.getSystemLoadAverage());
  }

  private static double fsyncMillis(Path directory) {
    Path file = directory.resolve("fsync-probe");
    List<Double> millis = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(4096), i * 4096L);
        channel.force(false);
        millis.add((System.nanoTime() - start) / 1e6);
      }
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    return millis.stream().sorted().skip(SYNCS / 2).findFirst().orElseThrow();
  }

  ObjectNode json() {
    return Json.object()
        .put("cpus", cpus)
        .put("memory_mib", memoryMib)
        .put("os", os)
        .put("java", java)
        .put("fsync_ms", Math.round(fsyncMillis * 1_000) / 1_000.0)
        .put("load_average", Math.round(load * 100) / 100.0);
  }

  String sentence() {
    return String.format(
        Locale.ROOT,
        "%d CPUs, %,d MiB, %s, %s, fsync %.2f ms, load average %.2f",
        cpus,
        memoryMib,
        os,
        java,
        fsyncMillis,
        load);
  }
}
