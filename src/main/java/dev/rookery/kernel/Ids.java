package dev.rookery.kernel;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/**
 * Makes and checks the spelling of ids: a short prefix, an underscore, a UUIDv7 in 32 hex digits.
 */
public final class Ids {
  private static final int HEX_DIGITS = 32;

  private Ids() {}

  /** A new id, greater than all made before in this process (RFC 9562 version 7, monotonic). */
  public static String next(String prefix) {
    UUID uuid = UuidCreator.getTimeOrderedEpochPlus1();
    return prefix + '_' + hex(uuid.getMostSignificantBits()) + hex(uuid.getLeastSignificantBits());
  }

  /**
   * Refuses anything but an id of this prefix.
   *
   * @throws Refusal {@code bad-id}
   */
  public static void check(String prefix, String value) {
    if (!matches(prefix, value)) {
      throw Refusal.badInput(
          "bad-id",
          "'%s' is not an id of the form %s_<32 hex digits>",
          Text.brief(value, 60),
          prefix);
    }
  }

  /** Whether the value is spelled as an id of this prefix. */
  public static boolean matches(String prefix, String value) {
    int start = prefix.length() + 1;
    if (value.length() != start + HEX_DIGITS
        || !value.startsWith(prefix)
        || value.charAt(prefix.length()) != '_') {
      return false;
    }
    return value
        .substring(start)
        .chars()
        .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private static String hex(long bits) {
    String digits = Long.toHexString(bits);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
