package dev.rookery.secrets;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The spelling of a sealed value, read strictly: one value has one spelling. */
sealed interface Envelope {
  int TAG_BYTES = 16;

  /** {@code enc:v2:<key id>:<base64(iv12|ciphertext|tag)>}. */
  record Current(String keyId, String base64) implements Envelope {
    static final int IV_BYTES = 12;
    private static final Pattern SHAPE = Pattern.compile("enc:v2:([0-9a-f]{8}):(.*)");

    byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }

    @Override
    public String toString() {
      return "enc:v2:" + keyId + ":…";
    }
  }

  /** {@code enc:<base64(iv16|tag16|ciphertext)>}, bound to no place; read once, then resealed. */
  record Seed(String base64) implements Envelope {
    static final int IV_BYTES = 16;
    private static final Pattern SHAPE = Pattern.compile("enc:([^:]*)");

    byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }

    @Override
    public String toString() {
      return "enc:…";
    }
  }

  static String write(String keyId, byte[] bytes) {
    return "enc:v2:" + keyId + ":" + Base64.getEncoder().encodeToString(bytes);
  }

  /** Empty when the text is no envelope of either kind. */
  static Optional<Envelope> read(String text) {
    Matcher current = Current.SHAPE.matcher(text);
    if (current.matches() && holds(current.group(2), Current.IV_BYTES + TAG_BYTES)) {
      return Optional.of(new Current(current.group(1), current.group(2)));
    }
    Matcher seed = Seed.SHAPE.matcher(text);
    return seed.matches() && holds(seed.group(1), Seed.IV_BYTES + TAG_BYTES)
        ? Optional.of(new Seed(seed.group(1)))
        : Optional.empty();
  }

  /** The JDK ignores surplus bits of the last digit; comparing the spelling refuses them. */
  private static boolean holds(String base64, int least) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length >= least && Base64.getEncoder().encodeToString(bytes).equals(base64);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
