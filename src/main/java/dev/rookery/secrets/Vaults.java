package dev.rookery.secrets;

import dev.rookery.kernel.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens the vault of an installation. Without a key there is no vault and no start. */
public final class Vaults {
  /** Name of the environment variable that holds the key, or several, separated by commas. */
  public static final String KEY_VARIABLE = "ROOKERY_ENCRYPTION_KEY";

  private Vaults() {}

  /**
   * Takes the keys of the variable, then those of the key file; the first of all seals, each opens.
   *
   * @param variable value of {@link #KEY_VARIABLE}; null or blank when it is not set
   * @param keyFile one key per line, base64 of 32 bytes or 64 hex digits; {@code #} begins a
   *     comment
   * @param mayCreate true when nothing can have been sealed yet (there is no database); then a
   *     missing key file is created, mode 0600
   * @throws Refusal {@code no-key}, {@code bad-key}, {@code key-file-open-to-others}, {@code
   *     key-file-unusable}; each says what to do
   */
  public static Vault open(@Nullable String variable, Path keyFile, boolean mayCreate) {
    List<MasterKey> keys = new ArrayList<>();
    if (variable != null && !variable.isBlank()) {
      keys.addAll(ofVariable(variable));
    }
    if (Files.exists(keyFile)) {
      keys.addAll(KeyFile.read(keyFile));
    }
    if (keys.isEmpty()) {
      if (!mayCreate) {
        throw noKey(keyFile);
      }
      keys.addAll(KeyFile.create(keyFile));
    }
    return new KeyringVault(keys.stream().distinct().toList());
  }

  private static List<MasterKey> ofVariable(String variable) {
    return Stream.of(variable.strip().split("[,\\s]+"))
        .map(text -> MasterKey.parse(text).orElseThrow(Vaults::badVariable))
        .toList();
  }

  private static Refusal badVariable() {
    return new Refusal(
        Refusal.Kind.UNAVAILABLE,
        "bad-key",
        KEY_VARIABLE
            + " holds no usable key; Rookery does not start. Set it to base64 of 32 bytes, as made"
            + " by: openssl rand -base64 32");
  }

  private static Refusal noKey(Path keyFile) {
    return new Refusal(
        Refusal.Kind.UNAVAILABLE,
        "no-key",
        "There is a database but no key to its secrets: neither "
            + KEY_VARIABLE
            + " nor "
            + keyFile
            + ". Rookery does not start. Put the key file back from its backup, or set "
            + KEY_VARIABLE
            + " to the key that was used.");
  }
}
