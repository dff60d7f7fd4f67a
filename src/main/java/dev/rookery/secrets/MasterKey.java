package dev.rookery.secrets;

import dev.rookery.kernel.Digest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/** One AES-256 key and the short name by which envelopes refer to it. Never prints itself. */
final class MasterKey {
  static final int BYTES = 32;
  private static final int ID_DIGITS = 8;
  private final String id;
  private final SecretKeySpec key;

  private MasterKey(byte[] bytes) {
    this.id = Digest.sha256(bytes).substring(0, ID_DIGITS);
    this.key = new SecretKeySpec(bytes, "AES");
  }

  /** Reads base64 of 32 bytes, or 64 hex digits. Empty for anything else. */
  static Optional<MasterKey> parse(String text) {
    try {
      byte[] bytes =
          text.length() == 2 * BYTES
              ? HexFormat.of().parseHex(text)
              : Base64.getDecoder().decode(text);
      return bytes.length == BYTES ? Optional.of(new MasterKey(bytes)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** First eight hex digits of the SHA-256 of the key. */
  String id() {
    return id;
  }

  SecretKeySpec key() {
    return key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MasterKey that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "MasterKey[" + id + "]";
  }
}
