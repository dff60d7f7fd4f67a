package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.ops.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A data directory as a client sees it: where its server is, and the key to it. Only read here. */
record LocalFiles(Path path) {

  static LocalFiles of(GlobalOptions options, Terminal terminal) {
    Path given = options.dataDir();
    Path path = given == null ? Settings.defaultDataDir(terminal.env()) : given;
    return new LocalFiles(path.toAbsolutePath().normalize());
  }

  Path database() {
    return path.resolve("rookery.db");
  }

  Path masterKey() {
    return path.resolve("master.key");
  }

  Path scripts() {
    return path.resolve("scripts");
  }

  Path cliKey() {
    return path.resolve("cli.key");
  }

  /** The server of this directory, as it announced itself. */
  record Server(String url, long pid, String node) {
    /** Whether its process is there; after a crash the announcement outlives it. */
    boolean alive() {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
  }

  Optional<Server> server() {
    String text = read(path.resolve("server.json"));
    if (text == null) {
      return Optional.empty();
    }
    try {
      JsonNode json = Json.parse(text);
      String url = json.path("url").asText();
      return url.isEmpty()
          ? Optional.empty()
          : Optional.of(new Server(url, json.path("pid").asLong(), json.path("node").asText()));
    } catch (Refusal _) {
      return Optional.empty();
    }
  }

  /** The key that the first start made for commands on this machine. */
  @Nullable String localKey() {
    String text = read(cliKey());
    return text == null || text.isBlank() ? null : text.strip();
  }

  private static @Nullable String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : null;
    } catch (IOException e) {
      throw new CliFailure(
          Exit.FAILED, "%s cannot be read (%s). Is it another user's?".formatted(file, e));
    }
  }
}
