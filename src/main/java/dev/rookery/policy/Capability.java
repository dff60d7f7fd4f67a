package dev.rookery.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Classes of what a tool can do (spec 02, approvals). Rules and profiles name them, and so does the
 * check on runs that hold untrusted words and private data.
 */
public enum Capability {
  /** Looks something up that belongs to nobody, such as the time. */
  INFO_READ(false),
  FS_READ(false),
  FS_WRITE(false),
  /** Runs commands; where the sandbox may connect anywhere, they may carry anything out. */
  SHELL_RUN(true),
  /** Reads from a host outside; the address itself may carry data out. */
  NET_FETCH(true),
  /** Changes something on a host outside. */
  NET_SEND(true),
  /** A tool that an organization defined: it reaches one place, which an administrator chose. */
  EXTERNAL_CALL(false),
  /** Says something in a conversation other than that of the run. */
  CHANNEL_SEND(true),
  MEMORY_READ(false),
  MEMORY_WRITE(true),
  SCHEDULE_WRITE(true),
  DELEGATE(true),
  SPEND(true);

  private final boolean leavesTheRun;

  Capability(boolean leavesTheRun) {
    this.leavesTheRun = leavesTheRun;
  }

  /** Whether its use may carry what a run holds to another place or another time. */
  public boolean leavesTheRun() {
    return leavesTheRun;
  }

  /** As stored and shown, such as {@code fs.read}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** The class of this label. */
  public static Optional<Capability> of(String label) {
    return Arrays.stream(values()).filter(c -> c.label().equals(label)).findFirst();
  }

  /** All labels, for messages. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Capability::label).toList();
  }
}
