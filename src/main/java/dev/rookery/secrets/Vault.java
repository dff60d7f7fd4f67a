package dev.rookery.secrets;

import dev.rookery.kernel.OrgId;

/** Seals secrets for the database and opens them again. */
public interface Vault {
  /**
   * Encrypts a value for exactly one field of one row.
   *
   * @return {@code enc:v2:<key id>:<base64(iv12|ciphertext|tag)>}, AES-256-GCM (spec 04, "Secrets
   *     of integrations")
   */
  String seal(Field field, String plaintext);

  /**
   * @throws BadSecret when the envelope is damaged, belongs to another field, or its key is not
   *     here
   */
  String open(Field field, String envelope);

  /**
   * Whether this is not what {@link #seal} would write today: the seed's format, or an older key.
   */
  default boolean needsResealing(String envelope) {
    return false;
  }

  /**
   * A 32-byte secret of this installation for one purpose, the same on all nodes with the same
   * first key; never stored. For making names that cannot be guessed, not for encrypting.
   */
  byte[] derive(String purpose);

  /**
   * The place of a secret; authenticated with it, so that an envelope moved elsewhere does not
   * open.
   */
  record Field(OrgId org, String table, String column, String row) {}

  /** An envelope that cannot be opened. The message never holds secret bytes. */
  final class BadSecret extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadSecret(String message) {
      super(message);
    }
  }
}
