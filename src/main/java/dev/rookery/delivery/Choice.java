package dev.rookery.delivery;

/**
 * Something a person can choose in answer to a message; a button where the channel has such.
 *
 * @param value comes back as the payload's {@code choice} of an event of type {@code choice}; at
 *     most 64 bytes of ASCII
 */
public record Choice(String label, String value) {
  private static final int MOST = 64;

  public Choice {
    if (value.length() > MOST || !value.chars().allMatch(c -> c > 32 && c < 127)) {
      throw new IllegalArgumentException("a choice's value is 1 to 64 printable ASCII characters");
    }
  }
}
