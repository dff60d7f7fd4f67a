package dev.rookery.sandbox;

import dev.rookery.kernel.Refusal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * How sandboxes are made here.
 *
 * @param directory data directory of the server
 * @param firstUser number of the first agent's system user, used when the server is root
 * @param concurrent commands that one agent may run at once
 */
public record SandboxSettings(Path directory, Mode mode, int firstUser, int concurrent) {
  private static final int FIRST_USER = 200_000;
  private static final int CONCURRENT = 4;

  /** Which tier is wanted. */
  public enum Mode {
    /** bubblewrap; where it cannot start, Landlock, which is then said everywhere. Never plain. */
    AUTO,
    BWRAP,
    LANDLOCK,
    /** Commands run UNSANDBOXED. */
    PLAIN,
    OFF
  }

  /**
   * From {@code ROOKERY_SANDBOX} (auto, bwrap, landlock, plain, off) and {@code
   * ROOKERY_SANDBOX_UID_BASE}.
   *
   * @throws Refusal {@code bad-sandbox-setting}
   */
  public static SandboxSettings from(Path directory, Map<String, String> env) {
    String mode = env.getOrDefault("ROOKERY_SANDBOX", "auto");
    String base = env.getOrDefault("ROOKERY_SANDBOX_UID_BASE", Integer.toString(FIRST_USER));
    try {
      int firstUser = Integer.parseInt(base);
      if (firstUser < 1_000) {
        throw new NumberFormatException(base);
      }
      return new SandboxSettings(
          directory, Mode.valueOf(mode.toUpperCase(Locale.ROOT)), firstUser, CONCURRENT);
    } catch (NumberFormatException _) {
      throw Refusal.badInput(
          "bad-sandbox-setting",
          "ROOKERY_SANDBOX_UID_BASE is the number of a system user from 1000 up, not '%s'.",
          base);
    } catch (IllegalArgumentException _) {
      throw Refusal.badInput(
          "bad-sandbox-setting",
          "ROOKERY_SANDBOX is auto, bwrap, landlock, plain or off, not '%s'.",
          mode);
    }
  }

  public SandboxSettings with(Mode changed) {
    return new SandboxSettings(directory, changed, firstUser, concurrent);
  }
}
