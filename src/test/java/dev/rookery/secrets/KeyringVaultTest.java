package dev.rookery.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.junit.jupiter.api.Test;

class KeyringVaultTest {
  private static final MasterKey OLD = key((byte) 1);
  private static final MasterKey NEW = key((byte) 2);
  private static final OrgId ORG = OrgId.next();
  private static final Vault.Field TOKEN =
      new Vault.Field(ORG, "integrations", "bot_token", "int_1");
  private final Vault vault = new KeyringVault(List.of(OLD));

  @Test
  void what_is_sealed_opens_again_and_never_looks_the_same_twice() {
    for (String secret : List.of("", "x", "123:ABC", "töken 🦜\n", "y".repeat(100_000))) {
      String sealed = vault.seal(TOKEN, secret);
      assertThat(vault.open(TOKEN, sealed)).isEqualTo(secret);
      assertThat(sealed).matches("enc:v2:" + OLD.id() + ":[A-Za-z0-9+/]+=*");
      assertThat(sealed).isNotEqualTo(vault.seal(TOKEN, secret));
    }
  }

  @Test
  void the_payload_is_iv_then_ciphertext_then_tag_under_the_place_as_additional_data()
      throws Exception {
    byte[] bytes = payload(vault.seal(TOKEN, "hello"));
    assertThat(bytes).hasSize(12 + 5 + 16);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, OLD.key(), new GCMParameterSpec(128, bytes, 0, 12));
    cipher.updateAAD((ORG + "|integrations|bot_token|int_1").getBytes(StandardCharsets.UTF_8));
    assertThat(cipher.doFinal(bytes, 12, bytes.length - 12)).asString().isEqualTo("hello");
  }

  @Test
  void every_flipped_bit_is_refused() {
    String sealed = vault.seal(TOKEN, "123456:secret");
    byte[] bytes = payload(sealed);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      refuses(vault, TOKEN, Envelope.write(OLD.id(), changed));
    }
  }

  @Test
  void every_changed_missing_or_added_character_is_refused() {
    String sealed = vault.seal(TOKEN, "123456:secret");
    for (int i = 0; i < sealed.length(); i++) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      refuses(vault, TOKEN, sealed.substring(0, i) + other + sealed.substring(i + 1));
      refuses(vault, TOKEN, sealed.substring(0, i) + sealed.substring(i + 1));
      refuses(vault, TOKEN, sealed.substring(0, i) + " " + sealed.substring(i));
      refuses(vault, TOKEN, sealed.substring(0, i));
    }
  }

  @Test
  void surplus_bits_in_the_last_digit_are_refused() {
    String sealed = vault.seal(TOKEN, "1");
    assertThat(sealed).endsWith("=");
    int last = sealed.indexOf('=') - 1;
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char next = digits.charAt(digits.indexOf(sealed.charAt(last)) + 1);
    String changed = sealed.substring(0, last) + next + sealed.substring(last + 1);
    assertThat(payload(changed)).isEqualTo(payload(sealed));
    refuses(vault, TOKEN, changed);
  }

  @Test
  void an_envelope_moved_to_another_org_table_column_or_row_does_not_open() {
    String sealed = vault.seal(TOKEN, "secret");
    refuses(vault, new Vault.Field(OrgId.next(), "integrations", "bot_token", "int_1"), sealed);
    refuses(vault, new Vault.Field(ORG, "agents", "bot_token", "int_1"), sealed);
    refuses(vault, new Vault.Field(ORG, "integrations", "webhook_secret", "int_1"), sealed);
    refuses(vault, new Vault.Field(ORG, "integrations", "bot_token", "int_2"), sealed);
  }

  @Test
  void a_place_whose_spelling_could_be_another_place_is_refused() {
    var sly = new Vault.Field(ORG, "integrations|bot_token", "int", "1");
    assertThatThrownBy(() -> vault.seal(sly, "x")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_wrong_key_opens_nothing_and_the_message_names_both_keys_but_no_secret() {
    String sealed = vault.seal(TOKEN, "hunter2");
    Vault other = new KeyringVault(List.of(NEW));
    assertThatThrownBy(() -> other.open(TOKEN, sealed))
        .isInstanceOf(Vault.BadSecret.class)
        .hasMessageContaining(OLD.id())
        .hasMessageContaining(NEW.id())
        .hasMessageContaining("int_1")
        .hasMessageNotContaining("hunter2");
    refuses(other, TOKEN, sealed.replace(OLD.id(), NEW.id()));
  }

  @Test
  void after_a_rotation_the_new_key_seals_and_the_old_one_still_opens() {
    String sealed = vault.seal(TOKEN, "secret");
    Vault rotated = new KeyringVault(List.of(NEW, OLD));
    assertThat(rotated.open(TOKEN, sealed)).isEqualTo("secret");
    assertThat(rotated.needsResealing(sealed)).isTrue();
    String resealed = rotated.seal(TOKEN, "secret");
    assertThat(resealed).startsWith("enc:v2:" + NEW.id());
    assertThat(rotated.needsResealing(resealed)).isFalse();
    assertThat(vault.needsResealing(sealed)).isFalse();
  }

  @Test
  void the_seed_format_opens_with_any_key_of_the_ring_and_wants_resealing() throws Exception {
    String seed = seedEnvelope(OLD, "from the seed");
    Vault rotated = new KeyringVault(List.of(NEW, OLD));
    assertThat(rotated.open(TOKEN, seed)).isEqualTo("from the seed");
    assertThat(rotated.needsResealing(seed)).isTrue();
    byte[] bytes = Base64.getDecoder().decode(seed.substring(4));
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      refuses(rotated, TOKEN, "enc:" + Base64.getEncoder().encodeToString(changed));
    }
  }

  @Test
  void plaintext_in_the_place_of_an_envelope_is_refused() {
    for (String text : List.of("", "123:ABC", "enc:", "enc:v2:", "enc:v3:00000000:AAAA", "ENC:x")) {
      refuses(vault, TOKEN, text);
      assertThat(vault.needsResealing(text)).isTrue();
    }
  }

  @Test
  void text_that_is_not_unicode_is_refused_instead_of_being_changed() {
    assertThatThrownBy(() -> vault.seal(TOKEN, "a\uD83Eb"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("bad-secret"));
  }

  @Test
  void nothing_prints_a_key() {
    String hex = "02".repeat(32);
    String base64 = Base64.getEncoder().encodeToString(new byte[] {2, 2, 2, 2, 2, 2});
    assertThat(NEW + " " + new KeyringVault(List.of(NEW)))
        .contains(NEW.id())
        .doesNotContain(hex)
        .doesNotContain(base64);
  }

  static MasterKey key(byte fill) {
    byte[] bytes = new byte[MasterKey.BYTES];
    Arrays.fill(bytes, fill);
    return MasterKey.parse(Base64.getEncoder().encodeToString(bytes)).orElseThrow();
  }

  private static byte[] payload(String envelope) {
    return Base64.getDecoder().decode(envelope.substring(envelope.lastIndexOf(':') + 1));
  }

  /** As the seed's documents describe it, written here without our own code. */
  private static String seedEnvelope(MasterKey key, String text) throws Exception {
    byte[] iv = new byte[16];
    Arrays.fill(iv, (byte) 7);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, key.key(), new GCMParameterSpec(128, iv));
    byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
    byte[] bytes = new byte[16 + sealed.length];
    System.arraycopy(iv, 0, bytes, 0, 16);
    System.arraycopy(sealed, sealed.length - 16, bytes, 16, 16);
    System.arraycopy(sealed, 0, bytes, 32, sealed.length - 16);
    return "enc:" + Base64.getEncoder().encodeToString(bytes);
  }

  private static void refuses(Vault vault, Vault.Field field, String envelope) {
    assertThatThrownBy(() -> vault.open(field, envelope)).isInstanceOf(Vault.BadSecret.class);
  }
}
