package dev.rookery.ops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server's own directory, held by one process at a time. */
public final class DataDir implements AutoCloseable {
  private static final String LOCK = "rookery.lock";
  private static final int MAX_NOTE = 4096;

  private final Path path;
  private final FileChannel lockFile;
  private final FileLock lock;

  private DataDir(Path path, FileChannel lockFile, FileLock lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Makes the directory if need be (mode 0700) and takes its lock.
   *
   * @throws Refusal {@code data-dir-in-use}, naming the process that has it; {@code
   *     data-dir-unusable}
   */
  public static DataDir open(Path path, NodeId node) {
    try {
      create(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String holder = note(channel);
        channel.close();
        throw new Refusal(
            Refusal.Kind.CONFLICT,
            "data-dir-in-use",
            "The data directory "
                + path
                + " is in use by "
                + holder
                + ". Stop that server first, or choose another directory with --data-dir.");
      }
      DataDir dir = new DataDir(path, channel, lock);
      dir.noteHolder(node);
      return dir;
    } catch (IOException e) {
      throw new Refusal(
          Refusal.Kind.UNAVAILABLE,
          "data-dir-unusable",
          "The data directory "
              + path
              + " cannot be used: "
              + e
              + ". Choose another with --data-dir.");
    }
  }

  private static void create(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path);
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      // Beyond the note, so that others can read who holds it also where locks are mandatory.
      return channel.tryLock(MAX_NOTE, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String note(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_NOTE);
    channel.read(buffer, 0);
    String note = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    return note.isEmpty() ? "another process" : note;
  }

  private void noteHolder(NodeId node) throws IOException {
    String note = "process " + ProcessHandle.current().pid() + " (node " + node + ")";
    byte[] bytes =
        (note + " ".repeat(Math.max(0, 120 - note.length()))).getBytes(StandardCharsets.UTF_8);
    lockFile.write(ByteBuffer.wrap(bytes), 0);
  }

  public Path path() {
    return path;
  }

  public Path database() {
    return path.resolve("rookery.db");
  }

  public Path masterKey() {
    return path.resolve("master.key");
  }

  public Path scripts() {
    return path.resolve("scripts");
  }

  /** What calls cost on this installation; need not be there. */
  public Path prices() {
    return path.resolve("prices.yaml");
  }

  /** The key of the local command line, in a file only its owner reads. */
  public Path cliKey() {
    return path.resolve("cli.key");
  }

  /** Where this server answers, for the command line on the same machine. */
  public Path serverFile() {
    return path.resolve("server.json");
  }

  /** Writes a file that only its owner may read, at once or not at all. */
  public void writePrivate(Path file, String text) {
    try {
      Path draft = Files.createTempFile(path, ".draft", "");
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Tells the command line on this machine where the server is. */
  public void announce(String url, NodeId node) {
    ObjectNode json =
        Json.object()
            .put("url", url)
            .put("pid", ProcessHandle.current().pid())
            .put("node", node.value());
    writePrivate(serverFile(), Json.write(json) + "\n");
  }

  public Optional<String> readPrivate(Path file) {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(serverFile());
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
