package dev.rookery.channels.telegram;

import dev.rookery.secrets.Vault;

/** A vault that hides nothing, but as strictly as the real one opens only what belongs here. */
final class PlainVault implements Vault {
  @Override
  public String seal(Field field, String plaintext) {
    return place(field) + plaintext;
  }

  @Override
  public String open(Field field, String envelope) {
    if (!envelope.startsWith(place(field))) {
      throw new BadSecret("the envelope belongs to another field");
    }
    return envelope.substring(place(field).length());
  }

  private static String place(Field field) {
    return "plain:%s|%s|%s|%s|".formatted(field.org(), field.table(), field.column(), field.row());
  }

  @Override
  public byte[] derive(String purpose) {
    return purpose.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
