package dev.rookery.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Hides secrets from a look at the database and keeps them in their place; encrypts nothing. */
public final class ReversibleVault implements Vault {
  private static final String PREFIX = "enc:v2:test:";

  @Override
  public String seal(Field field, String plaintext) {
    byte[] bytes = (place(field) + plaintext).getBytes(StandardCharsets.UTF_8);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String open(Field field, String envelope) {
    if (!envelope.startsWith(PREFIX)) {
      throw new BadSecret("not an envelope");
    }
    String text =
        new String(
            Base64.getDecoder().decode(envelope.substring(PREFIX.length())),
            StandardCharsets.UTF_8);
    if (!text.startsWith(place(field))) {
      throw new BadSecret("the envelope belongs to another field");
    }
    return text.substring(place(field).length());
  }

  private static String place(Field field) {
    return field.org() + "|" + field.table() + "|" + field.column() + "|" + field.row() + "|";
  }

  @Override
  public byte[] derive(String purpose) {
    return purpose.getBytes(StandardCharsets.UTF_8);
  }
}
