package dev.rookery.homes;

import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The file of one checkpoint, beside the database.
 *
 * @param path ends with {@value #ENDING}
 */
record ArchiveFile(Path path) {
  static final String ENDING = ".tar.gz";
  private static final String DRAFT = ".part";
  private static final int CHUNK = 1 << 16;

  /** What was written. */
  record Written(long files, long size, String sha256) {}

  /**
   * Writes the home into the file; it is whole and on the disk, or not there.
   *
   * @param room for it, in bytes
   * @param content how large the files may be together
   * @throws Refusal {@code checkpoint-quota-exceeded} and those of {@link HomeArchive#write}
   */
  Written write(Home home, long room, long content) {
    Path draft = path.resolveSibling(path.getFileName() + DRAFT);
    MessageDigest digest = sha256();
    try {
      long files;
      try (FileChannel file =
          FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out = new Capped(Channels.newOutputStream(file), room);
        files = HomeArchive.write(home, new DigestOutputStream(out, digest), content);
        reopenAndSync(draft);
      }
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
      RestoreNote.sync(parent());
      return new Written(files, Files.size(path), HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      discard(draft);
    }
  }

  /** The archive closed its channel. */
  private static void reopenAndSync(Path draft) throws IOException {
    try (FileChannel file = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      file.force(true);
    }
  }

  private Path parent() {
    return path.resolveSibling(".").normalize();
  }

  private static void discard(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean exists() {
    return Files.exists(path);
  }

  void delete() {
    discard(path);
  }

  /** Whether it is what was written then. */
  boolean has(String hash) {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest()).equals(hash);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Lets so many bytes through and no more. */
  private static final class Capped extends OutputStream {
    private final OutputStream out;
    private long room;

    private Capped(OutputStream out, long room) {
      this.out = out;
      this.room = room;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
      room -= length;
      if (room < 0) {
        throw new Refusal(
            Refusal.Kind.TOO_LARGE,
            "checkpoint-quota-exceeded",
            "There is no room for another checkpoint of this agent; delete an old one first.");
      }
      out.write(bytes, start, length);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
