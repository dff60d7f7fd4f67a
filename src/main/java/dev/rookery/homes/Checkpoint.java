package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.CheckpointId;
import java.util.Locale;

/**
 * A copy of a home as it was.
 *
 * @param files how many files, directories and links are in it
 * @param size of its archive in bytes
 * @param sha256 of its archive
 */
public record Checkpoint(
    CheckpointId id, AgentId agent, String name, Kind kind, long files, long size, String sha256) {
  /** Why it was made. */
  public enum Kind {
    NAMED,
    /** Before a restore; only the newest few are kept. */
    BACKUP;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
