package dev.rookery.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirTest {
  @TempDir Path temp = Path.of("");

  @Test
  void a_second_owner_is_refused_and_told_who_the_first_is() {
    Path dir = temp.resolve("data");
    NodeId first = NodeId.next();
    try (DataDir held = DataDir.open(dir, first)) {
      assertThat(held.path()).isEqualTo(dir);
      assertThatThrownBy(() -> DataDir.open(dir, NodeId.next()))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.code()).isEqualTo("data-dir-in-use"))
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining(first.value())
          .hasMessageContaining("--data-dir");
    }
  }

  @Test
  void it_is_free_again_after_the_first_is_gone() {
    DataDir.open(temp.resolve("data"), NodeId.next()).close();

    try (DataDir again = DataDir.open(temp.resolve("data"), NodeId.next())) {
      assertThat(again.path()).isDirectory();
    }
  }

  @Test
  void private_files_are_readable_by_their_owner_only() throws IOException {
    try (DataDir dir = DataDir.open(temp.resolve("data"), NodeId.next())) {
      dir.writePrivate(dir.cliKey(), "secret\n");

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.cliKey())))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.path())))
          .isEqualTo("rwx------");
      assertThat(dir.readPrivate(dir.cliKey())).contains("secret");
    }
  }

  @Test
  void a_file_where_the_directory_should_be_is_refused_with_what_to_do() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");

    assertThatThrownBy(() -> DataDir.open(file, NodeId.next()))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo("data-dir-unusable"))
        .hasMessageContaining("--data-dir");
  }
}
