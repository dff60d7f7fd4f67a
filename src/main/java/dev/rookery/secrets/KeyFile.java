package dev.rookery.secrets;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The file of master keys, readable by its owner only. It appears whole or not at all, is on disk
 * before it is used, and is never overwritten.
 */
final class KeyFile {
  private static final Set<PosixFilePermission> OF_THE_OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private KeyFile() {}

  /** All keys of the file, at least one. */
  static List<MasterKey> read(Path file) {
    try {
      refuseOpenToOthers(file);
      List<MasterKey> keys = new ArrayList<>();
      int number = 0;
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        String text = line.replaceFirst("#.*", "").strip();
        if (!text.isEmpty()) {
          keys.add(key(file, number, text));
        }
      }
      if (keys.isEmpty()) {
        throw refusal(
            "bad-key", "The key file %s holds no key. Put it back from its backup.", file);
      }
      return keys;
    } catch (IOException e) {
      throw unusable("read", file, e);
    }
  }

  /**
   * Makes the file with a new key; when another process was faster, reads that one's instead. A
   * hard link is the atomic "create whole, unless there is one".
   */
  static List<MasterKey> create(Path file) {
    Path directory = directory(file);
    try {
      createDirectory(directory);
      Path draft = Files.createTempFile(directory, file.getFileName() + ".", ".new");
      try {
        write(draft);
        Files.createLink(file, draft);
        sync(directory);
      } catch (FileAlreadyExistsException _) {
        return read(file);
      } finally {
        Files.delete(draft);
      }
      return read(file);
    } catch (IOException | UnsupportedOperationException e) {
      throw unusable("created", file, e);
    }
  }

  private static MasterKey key(Path file, int line, String text) {
    return MasterKey.parse(text)
        .orElseThrow(
            () ->
                refusal(
                    "bad-key",
                    "Line %d of the key file %s is neither base64 of 32 bytes nor 64 hex digits."
                        + " Put the file back from its backup.",
                    line,
                    file));
  }

  private static void refuseOpenToOthers(Path file) throws IOException {
    if (!OF_THE_OWNER.containsAll(Files.getPosixFilePermissions(file))) {
      throw refusal(
          "key-file-open-to-others",
          "The key file %s can be reached by other users of this machine; Rookery does not start."
              + " Run: chmod 600 '%s'",
          file,
          file);
    }
  }

  private static void createDirectory(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static Path directory(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IllegalArgumentException("not a place for a key file: " + file);
    }
    return directory;
  }

  /** The JDK makes temporary files with mode 0600. */
  private static void write(Path draft) throws IOException {
    byte[] key = new byte[MasterKey.BYTES];
    new SecureRandom().nextBytes(key);
    String text = Base64.getEncoder().encodeToString(key) + "\n";
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
  }

  /** A lost directory entry would lose the key of everything that is sealed from now on. */
  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Refusal unusable(String what, Path file, Exception cause) {
    return refusal(
        "key-file-unusable",
        "The key file %s cannot be %s (%s); Rookery does not start. Make it accessible to this user,"
            + " or set %s instead.",
        file,
        what,
        cause,
        Vaults.KEY_VARIABLE);
  }

  @FormatMethod
  private static Refusal refusal(String code, @FormatString String message, Object... args) {
    return new Refusal(Refusal.Kind.UNAVAILABLE, code, message.formatted(args));
  }
}
