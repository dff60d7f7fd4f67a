package dev.rookery.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server in a process of its own, as {@code rookery up} starts it. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration STOP = Duration.ofSeconds(40);
  private static final long GLANCE = Duration.ofMillis(2).toNanos();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Process process;
  private final Path directory;
  private final File log;
  private final URI url;
  private final double readyAfter;

  private ServerProcess(Launch launch) throws InterruptedException {
    this.directory = launch.directory();
    this.log = directory.resolve("server.log").toFile();
    BenchEnvironment.refuseForeignData(launch.databaseUrl());
    long start = System.nanoTime();
    this.process = start(launch);
    try {
      this.url = awaitReady(start + START.toNanos());
    } catch (RuntimeException | InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
    this.readyAfter = (System.nanoTime() - start) / 1e9;
  }

  /** Returns when the server says that it is ready. */
  static ServerProcess start(Path directory) throws InterruptedException {
    return of(Launch.of(directory));
  }

  static ServerProcess of(Launch launch) throws InterruptedException {
    return new ServerProcess(launch);
  }

  private Process start(Launch launch) {
    ProcessBuilder builder = new ProcessBuilder(launch.command());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(ServerProcess::changesTheServer);
    environment.putAll(BenchEnvironment.of(directory));
    environment.put("ROOKERY_JAVA_OPTS", launch.javaOptions());
    try {
      return builder
          .redirectErrorStream(true)
          .redirectOutput(log)
          .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("the server cannot be started: " + e.getMessage(), e);
    }
  }

  /** A provider's key or another home would change what is measured. */
  private static boolean changesTheServer(String name) {
    return name.endsWith("_API_KEY")
        || name.startsWith("OLLAMA_")
        || (name.startsWith("ROOKERY_") && !name.equals("ROOKERY_JAVA_HOME"));
  }

  private URI awaitReady(long deadline) throws InterruptedException {
    Path announced = directory.resolve("server.json");
    while (System.nanoTime() < deadline && process.isAlive()) {
      if (Files.exists(announced)) {
        URI found = URI.create(read(announced).path("url").asText());
        if (isReady(found)) {
          return found;
        }
      }
      LockSupport.parkNanos(GLANCE);
    }
    throw new Mismatch("The server did not get ready. It said: " + lastWords());
  }

  private static JsonNode read(Path file) {
    try {
      return Json.parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static boolean isReady(URI server) throws InterruptedException {
    try {
      HttpRequest ask = HttpRequest.newBuilder(server.resolve("/health/ready")).build();
      return CLIENT.send(ask, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String lastWords() {
    try {
      String said = Files.readString(log.toPath()).strip();
      return Text.brief(said.substring(Math.max(0, said.length() - 600)), 600);
    } catch (IOException e) {
      return "nothing that can be read (" + e.getMessage() + ")";
    }
  }

  URI url() {
    return url;
  }

  /** Seconds from the start of the process to the first good answer of {@code /health/ready}. */
  double readyAfter() {
    return readyAfter;
  }

  /** Resident memory in MiB; 0 where the system does not tell. */
  double residentMib() {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Processor time used so far, in seconds. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** Posts to the API with the local command line's key; the answer must be 2xx. */
  JsonNode post(String path, JsonNode body) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(url.resolve(path))
              .header(
                  "Authorization",
                  "Bearer " + Files.readString(directory.resolve("cli.key")).strip())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
              .build();
      var answer = CLIENT.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (answer.statusCode() / 100 != 2) {
        throw new Mismatch(
            "POST %s was answered %d: %s"
                .formatted(path, answer.statusCode(), Text.brief(answer.body(), 300)));
      }
      return Json.parse(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException("POST " + path + " failed: " + e, e);
    }
  }

  /** SIGKILL: it gets no chance to finish anything. */
  void kill() throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    int _ = process.waitFor();
    for (ProcessHandle child : children) {
      child.onExit().join();
    }
  }

  /** Asks it to stop and waits; kills it when it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
