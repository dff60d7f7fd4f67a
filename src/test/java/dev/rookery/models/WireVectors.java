package dev.rookery.models;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recordings of real providers; tests that need them are skipped where they are absent. */
final class WireVectors {
  private WireVectors() {}

  /** A file as it is. */
  static String framed(String name) {
    return text(name);
  }

  /** A file of data lines, with Anthropic's framing. */
  static String anthropic(String name) {
    StringBuilder sse = new StringBuilder();
    text(name)
        .lines()
        .filter(l -> !l.isBlank())
        .forEach(
            l ->
                sse.append("event: ")
                    .append(Json.parse(l).path("type").asText())
                    .append("\ndata: ")
                    .append(l)
                    .append("\n\n"));
    return sse.toString();
  }

  /** A file of data lines, with OpenAI's framing. */
  static String openAi(String name) {
    StringBuilder sse = new StringBuilder();
    text(name)
        .lines()
        .filter(l -> !l.isBlank())
        .forEach(l -> sse.append("data: ").append(l).append("\n\n"));
    return sse.append("data: [DONE]\n\n").toString();
  }

  static String text(String name) {
    Path shared = Path.of(System.getProperty("rookery.shared", "../shared"));
    Path file = shared.resolve("vectors/07-llm-wire").resolve(name);
    assumeTrue(Files.exists(file), () -> "no vector " + name);
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
