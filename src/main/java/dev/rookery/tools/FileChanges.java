package dev.rookery.tools;

import dev.rookery.homes.Expected;
import dev.rookery.homes.HomeFiles;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import java.util.Optional;

/**
 * Writes of files that a crash may interrupt. What the file was and what it is to be is committed
 * before it is written, so that afterwards its content tells whether that happened.
 */
final class FileChanges {
  private static final String NO_FILE = "";

  private final Database database;

  FileChanges(Database database) {
    this.database = database;
  }

  /** One change under the key of its call; hashes, the first one empty where there was no file. */
  record Change(String key, String path, String before, String after) {}

  /**
   * Replaces what is there and is what it was a moment ago.
   *
   * @throws Refusal those of {@link HomeFiles#write}
   */
  void write(HomeFiles files, Tool.Call call, String path, byte[] bytes) {
    String before = hash(files, path).orElse(NO_FILE);
    Change change = new Change(call.idempotencyKey(), path, before, Digest.sha256(bytes));
    var org = call.caller().org();
    database.write(org, tx -> FileChangeStore.put(tx, org, change));
    files.write(
        path, bytes, before.equals(NO_FILE) ? Expected.NOTHING : new Expected.Content(before));
  }

  /** What became of the change of this call. */
  Tool.Found lookUp(HomeFiles files, Tool.Call call, String said) {
    var org = call.caller().org();
    Optional<Change> noted =
        database.read(org, tx -> FileChangeStore.find(tx, org, call.idempotencyKey()));
    if (noted.isEmpty()) {
      return new Tool.Found.Absent();
    }
    try {
      String now = hash(files, noted.get().path()).orElse(NO_FILE);
      if (now.equals(noted.get().after())) {
        return new Tool.Found.Happened(Tool.ToolResult.ok(said));
      }
      return now.equals(noted.get().before())
          ? new Tool.Found.Absent()
          : new Tool.Found.CannotTell();
    } catch (Refusal e) {
      return new Tool.Found.CannotTell();
    }
  }

  private static Optional<String> hash(HomeFiles files, String path) {
    try {
      return Optional.of(files.sha256(path));
    } catch (Refusal e) {
      if (e.code().equals("file-not-found")) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
