package dev.rookery.secrets;

import static dev.rookery.secrets.Envelope.TAG_BYTES;

import dev.rookery.kernel.Refusal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A vault over a ring of master keys: the first seals, all of them open. Every value is bound to
 * its place ({@code org|table|column|row}) as additional data. Safe for many threads.
 */
final class KeyringVault implements Vault {
  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private final List<MasterKey> keys;
  private final SecureRandom random = new SecureRandom();

  KeyringVault(List<MasterKey> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a vault needs at least one key");
    }
    this.keys = List.copyOf(keys);
  }

  @Override
  public String seal(Field field, String plaintext) {
    byte[] iv = new byte[Envelope.Current.IV_BYTES];
    random.nextBytes(iv);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), iv);
      cipher.updateAAD(place(field));
      byte[] sealed = cipher.doFinal(utf8(field, plaintext));
      byte[] bytes = ByteBuffer.allocate(iv.length + sealed.length).put(iv).put(sealed).array();
      return Envelope.write(keys.getFirst().id(), bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-256-GCM", e);
    }
  }

  @Override
  public String open(Field field, String envelope) {
    Envelope read =
        Envelope.read(envelope)
            .orElseThrow(
                () -> bad(field, "it is not an envelope of the form enc:v2:<key id>:<base64>"));
    return switch (read) {
      case Envelope.Current current -> openCurrent(field, current);
      case Envelope.Seed seed -> openSeed(field, seed);
    };
  }

  @Override
  public boolean needsResealing(String envelope) {
    return !(Envelope.read(envelope).orElse(null) instanceof Envelope.Current current)
        || !current.keyId().equals(keys.getFirst().id());
  }

  private String openCurrent(Field field, Envelope.Current envelope) {
    List<MasterKey> named = keys.stream().filter(key -> key.id().equals(envelope.keyId())).toList();
    if (named.isEmpty()) {
      throw bad(
          field,
          "it was sealed with key %s, and only %s is here; add that key as a further line of the key file"
              .formatted(envelope.keyId(), ids()));
    }
    byte[] bytes = envelope.bytes();
    byte[] iv = Arrays.copyOf(bytes, Envelope.Current.IV_BYTES);
    byte[] sealed = Arrays.copyOfRange(bytes, iv.length, bytes.length);
    return firstThatOpens(field, named, iv, sealed, place(field));
  }

  /** The seed put the tag before the ciphertext, did not name its key and bound no place. */
  private String openSeed(Field field, Envelope.Seed envelope) {
    byte[] bytes = envelope.bytes();
    byte[] iv = Arrays.copyOf(bytes, Envelope.Seed.IV_BYTES);
    int body = iv.length + TAG_BYTES;
    byte[] sealed =
        ByteBuffer.allocate(bytes.length - iv.length)
            .put(bytes, body, bytes.length - body)
            .put(bytes, iv.length, TAG_BYTES)
            .array();
    return firstThatOpens(field, keys, iv, sealed, new byte[0]);
  }

  private static String firstThatOpens(
      Field field, List<MasterKey> keys, byte[] iv, byte[] sealed, byte[] place) {
    for (MasterKey key : keys) {
      try {
        Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, iv);
        cipher.updateAAD(place);
        return text(field, cipher.doFinal(sealed));
      } catch (AEADBadTagException _) {
        // Not this key, or not this place: the next key decides.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has AES-256-GCM", e);
      }
    }
    throw bad(field, "it is damaged, was sealed for another place, or with another key");
  }

  @Override
  public byte[] derive(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys.getFirst().key().getEncoded(), "HmacSHA256"));
      return mac.doFinal(("rookery|derive|" + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static Cipher cipher(int mode, MasterKey key, byte[] iv) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key.key(), new GCMParameterSpec(8 * TAG_BYTES, iv));
    return cipher;
  }

  /** A separator inside a part would let two places share one spelling. */
  private static byte[] place(Field field) {
    List<String> parts = List.of(field.org().value(), field.table(), field.column(), field.row());
    if (parts.stream().anyMatch(part -> part.isEmpty() || part.contains("|"))) {
      throw new IllegalArgumentException("not a place of a secret: " + field);
    }
    return String.join("|", parts).getBytes(StandardCharsets.UTF_8);
  }

  /** A lone surrogate would silently become '?', and the secret another one. */
  private static byte[] utf8(Field field, String plaintext) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(plaintext));
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return copy;
    } catch (CharacterCodingException _) {
      throw Refusal.badInput(
          "bad-secret",
          "The secret for %s is not valid Unicode text; nothing was stored. Copy it again.",
          name(field));
    }
  }

  private static String text(Field field, byte[] plain) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(plain)).toString();
    } catch (CharacterCodingException _) {
      throw bad(field, "what was sealed is not UTF-8 text");
    }
  }

  private String ids() {
    return keys.stream().map(MasterKey::id).collect(Collectors.joining(", "));
  }

  private static BadSecret bad(Field field, String why) {
    return new BadSecret(
        "The secret in %s of %s cannot be opened: %s.".formatted(name(field), field.org(), why));
  }

  private static String name(Field field) {
    return field.table() + "." + field.column() + " of row " + field.row();
  }

  @Override
  public String toString() {
    return "KeyringVault[" + ids() + "]";
  }
}
