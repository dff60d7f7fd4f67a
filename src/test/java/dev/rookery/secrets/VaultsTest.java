package dev.rookery.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultsTest {
  private static final Vault.Field FIELD = new Vault.Field(OrgId.next(), "t", "c", "r");
  private static final String HEX = "0f".repeat(32);
  private static final String BASE64 = "Dw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8=";
  @TempDir Path directory;

  @Test
  void the_first_start_creates_a_key_file_for_the_owner_only_and_later_starts_use_it()
      throws IOException {
    Path data = directory.resolve("data");
    Path file = data.resolve("master.key");
    String sealed = Vaults.open(null, file, true).seal(FIELD, "secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Vaults.open("", file, false).open(FIELD, sealed)).isEqualTo("secret");
    assertThat(filesIn(data)).containsExactly(file);
  }

  @Test
  void a_database_without_a_key_does_not_start_and_no_key_is_made() {
    Path file = directory.resolve("master.key");
    assertRefused("no-key", () -> Vaults.open(null, file, false))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("ROOKERY_ENCRYPTION_KEY");
    assertThat(file).doesNotExist();
  }

  @Test
  void a_key_file_that_others_can_reach_is_refused_with_the_command_that_mends_it()
      throws IOException {
    Path file = directory.resolve("master.key");
    for (String open : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-")) {
      write(file, BASE64);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
      assertRefused("key-file-open-to-others", () -> Vaults.open(null, file, true))
          .hasMessageContaining("chmod 600 '" + file + "'");
    }
  }

  @Test
  void concurrent_first_starts_agree_on_one_key() throws Exception {
    int starts = 16;
    Path file = directory.resolve("master.key");
    var together = new CyclicBarrier(starts);
    List<Future<Vault>> vaults = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(starts)) {
      for (int i = 0; i < starts; i++) {
        vaults.add(
            threads.submit(
                () -> {
                  together.await(10, TimeUnit.SECONDS);
                  return Vaults.open(null, file, true);
                }));
      }
    }
    String sealed = vaults.getFirst().get().seal(FIELD, "secret");
    for (Future<Vault> vault : vaults) {
      assertThat(vault.get().open(FIELD, sealed)).isEqualTo("secret");
    }
    assertThat(filesIn(directory)).containsExactly(file);
  }

  @Test
  void the_variable_takes_base64_or_hex_or_several_keys_and_comes_before_the_file()
      throws IOException {
    Path file = directory.resolve("master.key");
    String other = "a1".repeat(32);
    String sealed = Vaults.open(BASE64, file, false).seal(FIELD, "secret");
    assertThat(file).doesNotExist();
    assertThat(Vaults.open(HEX, file, false).open(FIELD, sealed)).isEqualTo("secret");
    Vault both = Vaults.open(other + ", " + HEX, file, false);
    assertThat(both.open(FIELD, sealed)).isEqualTo("secret");
    assertThat(both.needsResealing(sealed)).isTrue();
    write(file, HEX);
    Vault fileToo = Vaults.open(other, file, false);
    assertThat(fileToo.open(FIELD, sealed)).isEqualTo("secret");
    assertThat(fileToo.needsResealing(sealed)).isTrue();
  }

  @Test
  void the_key_file_may_hold_comments_and_several_keys_of_which_the_first_seals()
      throws IOException {
    Path file = directory.resolve("master.key");
    write(file, HEX);
    String old = Vaults.open(null, file, false).seal(FIELD, "old");
    write(file, "# since May\n\n" + "b2".repeat(32) + "  # current\n" + BASE64 + "\n");
    Vault vault = Vaults.open(null, file, false);
    assertThat(vault.open(FIELD, old)).isEqualTo("old");
    assertThat(vault.needsResealing(old)).isTrue();
    assertThat(vault.needsResealing(vault.seal(FIELD, "new"))).isFalse();
  }

  @Test
  void damaged_keys_are_refused_and_never_printed() throws IOException {
    Path file = directory.resolve("master.key");
    for (String bad : List.of("hunter2", HEX.substring(2), HEX + "00", "g".repeat(64))) {
      assertRefused("bad-key", () -> Vaults.open(bad, file, true)).hasMessageNotContaining(bad);
      write(file, BASE64 + "\n" + bad + "\n");
      assertRefused("bad-key", () -> Vaults.open(null, file, true))
          .hasMessageContaining("Line 2")
          .hasMessageNotContaining(bad);
    }
    write(file, "# nothing\n");
    assertRefused("bad-key", () -> Vaults.open(null, file, true));
  }

  @Test
  void a_place_where_no_key_file_can_be_is_refused_with_the_alternative() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x").resolve("master.key");
    assertRefused("key-file-unusable", () -> Vaults.open(null, file, true))
        .hasMessageContaining("ROOKERY_ENCRYPTION_KEY");
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(String code, ThrowingCallable start) {
    return assertThatThrownBy(start)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
