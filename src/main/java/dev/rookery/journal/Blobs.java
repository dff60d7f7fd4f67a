package dev.rookery.journal;

import dev.rookery.kernel.Digest;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Large bodies, stored once per organization by their SHA-256 and referenced, so that journal rows
 * stay small. Texts up to {@value #INLINE} characters stay where they are.
 */
public final class Blobs {
  static final int INLINE = 16_384;
  private static final String REFERENCE = "blob:sha256:";
  private static final String LITERAL = "text:";

  private Blobs() {}

  /** The text itself, or a reference to it when it is large. Read back with {@link #load}. */
  public static String store(Tx tx, OrgId org, String text) {
    if (text.length() <= INLINE) {
      return text.startsWith(REFERENCE) || text.startsWith(LITERAL) ? LITERAL + text : text;
    }
    return REFERENCE + put(tx, org, text.getBytes(StandardCharsets.UTF_8));
  }

  /** What {@link #store} was given. */
  public static String load(Tx tx, OrgId org, String stored) {
    if (stored.startsWith(LITERAL)) {
      return stored.substring(LITERAL.length());
    }
    if (!stored.startsWith(REFERENCE)) {
      return stored;
    }
    String sha256 = stored.substring(REFERENCE.length());
    byte[] body =
        get(tx, org, sha256)
            .orElseThrow(() -> new IllegalStateException("blob " + sha256 + " is gone"));
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * Stores bytes and returns their SHA-256 in hex. Storing the same bytes again changes nothing.
   */
  public static String put(Tx tx, OrgId org, byte[] body) {
    String sha256 = Digest.sha256(body);
    BlobStore.insert(tx, org, sha256, body);
    return sha256;
  }

  public static Optional<byte[]> get(Tx tx, OrgId org, String sha256) {
    return BlobStore.find(tx, org, sha256);
  }
}
