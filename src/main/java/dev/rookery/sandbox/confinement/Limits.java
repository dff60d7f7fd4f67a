package dev.rookery.sandbox.confinement;

import dev.rookery.kernel.Refusal;
import java.time.Duration;

/**
 * What one command may use (spec 03, limits).
 *
 * @param outputBytes how much of its output is kept; more is read and thrown away
 * @param processes with their threads
 * @param files open at once in one process
 * @param fileBytes size of one file
 * @param memoryBytes resident, of all its processes together
 */
public record Limits(
    Duration timeout,
    long outputBytes,
    int processes,
    int files,
    long fileBytes,
    long memoryBytes) {
  private static final long MIB = 1 << 20;

  /** The longest a command may take. */
  public static final Duration LONGEST = Duration.ofDays(1);

  public static final Limits USUAL =
      new Limits(Duration.ofMinutes(5), 10 * MIB, 256, 1_024, 1_024 * MIB, 1_024 * MIB);

  public Limits {
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
      throw Refusal.badInput(
          "bad-timeout", "A command may take between 1 second and 24 hours, not %s.", timeout);
    }
    if (outputBytes < 0 || processes < 1 || files < 8 || fileBytes < 0 || memoryBytes < MIB) {
      throw Refusal.badInput(
          "bad-limits",
          "Limits of a sandbox need at least 1 process, 8 files and 1 MiB of memory.");
    }
  }

  public Limits withTimeout(Duration changed) {
    return new Limits(changed, outputBytes, processes, files, fileBytes, memoryBytes);
  }

  public Limits withMemory(long bytes) {
    return new Limits(timeout, outputBytes, processes, files, fileBytes, bytes);
  }

  public Limits withOutput(long bytes) {
    return new Limits(timeout, bytes, processes, files, fileBytes, memoryBytes);
  }
}
