package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server as a user starts it: {@code rookery up} in a process of its own, which can be killed.
 */
final class ServerProcess {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration END = Duration.ofSeconds(10);
  private static final Duration GLANCE = Duration.ofMillis(40);

  /** What is handed down of our own settings; every other one would change what is shown. */
  private static final Set<String> KEPT =
      Set.of("ROOKERY_JAVA_HOME", "ROOKERY_JAVA_OPTS", "ROOKERY_NO_INSTALL");

  private static final List<String> PROVIDERS =
      List.of("ANTHROPIC_", "OPENAI_", "OPENROUTER_", "OLLAMA_");

  private final Process process;
  private final Path dataDir;
  private final Path log;
  private final long born = System.nanoTime();

  /** Where a server lives and what is its model's script. */
  record Place(Path dataDir, Path script, Path log) {}

  /** Told while a start takes its time: what it does, and for how long. */
  interface Progress {
    void waiting(String what, Duration since);
  }

  private ServerProcess(Process process, Place place) {
    this.process = process;
    this.dataDir = place.dataDir();
    this.log = place.log();
  }

  /**
   * @param port 0 lets the system choose
   */
  static ServerProcess start(Place place, int port) {
    List<String> command = new ArrayList<>(program());
    command.addAll(List.of("up", "--port", Integer.toString(port)));
    command.addAll(List.of("--data-dir", place.dataDir().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(place.log().toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().keySet().removeIf(ServerProcess::isOurs);
    builder
        .environment()
        .putAll(Map.of("ROOKERY_SCRIPT", place.script().toString(), "ROOKERY_MODEL", "scripted"));
    try {
      return new ServerProcess(builder.start(), place);
    } catch (IOException e) {
      throw new DemoFailure("The server process could not be started: " + e.getMessage() + ".");
    }
  }

  private static boolean isOurs(String variable) {
    String name = variable.toUpperCase(Locale.ROOT);
    return (name.startsWith("ROOKERY_") && !KEPT.contains(name))
        || PROVIDERS.stream().anyMatch(name::startsWith);
  }

  /** The launcher when it started us, since a user has it too; else this JVM's own program. */
  private static List<String> program() {
    String launcher = System.getProperty("rookery.launcher");
    if (launcher != null && Files.isExecutable(Path.of(launcher))) {
      return List.of(launcher);
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(
        java,
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.rookery.cli.Main");
  }

  long pid() {
    return process.pid();
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - born);
  }

  /** Waits for its {@code server.json} and for {@code /health/ready}. */
  URI awaitReady(Progress progress) throws InterruptedException {
    while (age().compareTo(START) < 0) {
      if (!process.isAlive()) {
        throw new DemoFailure(
            "The server ended with exit code %d before it was ready. It said: %s"
                .formatted(process.exitValue(), lastWords()));
      }
      URI url = announced();
      if (url != null && ServerApi.isReady(url)) {
        return url;
      }
      progress.waiting(doing(), age());
      process.waitFor(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
    }
    throw new DemoFailure("The server was not ready after " + START.toSeconds() + " s.");
  }

  /** The launcher may have to prepare something first, and says so. */
  private String doing() {
    String said = lastWords();
    return said.startsWith("preparing") || said.startsWith("building")
        ? said.replace(" …", "")
        : "starting the server";
  }

  /** The last line of its log that is no part of a stack trace; may be empty. */
  private String lastWords() {
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("\t"))
          .reduce("", (_, last) -> Text.brief(last.strip(), 300));
    } catch (IOException e) {
      return "";
    }
  }

  private @Nullable URI announced() {
    try {
      JsonNode file = Json.parse(Files.readAllBytes(dataDir.resolve("server.json")));
      return file.path("pid").asLong() == pid() ? URI.create(file.path("url").asText()) : null;
    } catch (IOException | Refusal e) {
      return null;
    }
  }

  String key() {
    try {
      return Files.readString(dataDir.resolve("cli.key")).strip();
    } catch (IOException e) {
      throw new DemoFailure("The server is ready but left no cli.key in " + dataDir + ".");
    }
  }

  /** SIGKILL: the process gets no chance to finish anything. */
  void kill() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /** The exit code; 137 is what SIGKILL leaves. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new DemoFailure("The server process " + pid() + " did not end after SIGKILL.");
    }
    return process.exitValue();
  }
}
