package dev.rookery.homes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.CheckpointId;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A restore under way, in a file beside the checkpoints: what is true of a disk stays on that disk.
 *
 * @param backup made before; names the restore
 * @param inode of the new home once it is whole, 0 before
 */
record RestoreNote(CheckpointId backup, CheckpointId checkpoint, long inode) {
  static final String NAME = "restore.json";

  RestoreNote whole(long number) {
    return new RestoreNote(backup, checkpoint, number);
  }

  /** Beside the home, on the same file system. */
  Path fresh(Home home) {
    return home.path().resolveSibling(".restore-" + backup.value());
  }

  /** Where the old home is for a moment, on file systems that cannot exchange two names. */
  Path aside(Home home) {
    return home.path().resolveSibling(".aside-" + backup.value());
  }

  /** On the disk when it returns. */
  void write(Path directory) {
    String json =
        Json.write(
            Json.object()
                .put("backup", backup.value())
                .put("checkpoint", checkpoint.value())
                .put("inode", inode));
    Path draft = directory.resolve(NAME + ".part");
    try {
      try (FileChannel file =
          FileChannel.open(
              draft,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        file.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
        file.force(true);
      }
      Files.move(draft, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static Optional<RestoreNote> read(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      JsonNode json = Json.parse(Files.readAllBytes(file));
      return Optional.of(
          new RestoreNote(
              new CheckpointId(json.path("backup").asText()),
              new CheckpointId(json.path("checkpoint").asText()),
              json.path("inode").asLong()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void remove(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(NAME));
      sync(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
