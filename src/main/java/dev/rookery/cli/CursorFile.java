package dev.rookery.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/** A file with one number: that of the last record that was printed. */
record CursorFile(Path path) {
  private static final int MAX_DIGITS = 18;

  /**
   * Empty when there is no file yet.
   *
   * @throws CliFailure when it holds something else
   */
  OptionalLong read() {
    try {
      String text = Files.readString(path).strip();
      if (!text.matches("\\d{1," + MAX_DIGITS + "}")) {
        throw CliFailure.usage(
            "%s holds no number of a record; it was not written by: %s tail --cursor"
                .formatted(path, Program.name()));
      }
      return OptionalLong.of(Long.parseLong(text));
    } catch (NoSuchFileException _) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw CliFailure.because(path + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** Replaces the file as a whole, so that a kill leaves the old number or the new one. */
  void write(long seq) {
    Path directory = path.toAbsolutePath().getParent();
    try {
      Path draft = Files.createTempFile(directory, ".cursor", null);
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap((seq + "\n").getBytes(StandardCharsets.UTF_8)));
        channel.force(true);
      }
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw CliFailure.because(path + " cannot be written: " + e.getMessage() + ".", e);
    }
  }
}
