package dev.rookery.runs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The prompt injections of AgentDojo and BIPIA, among the vectors. */
final class Injections {
  private static final Path CORPUS =
      Path.of(
          System.getProperty("rookery.shared", "../shared"),
          "vectors/08-security/prompt-injection");

  private Injections() {}

  /** Each goal in one of the frames that the attacks put around it; skipped without the vectors. */
  static List<String> all() {
    assumeTrue(Files.isDirectory(CORPUS), "the vectors are not here");
    JsonNode dojo = read("agentdojo/strings.json");
    List<String> frames = new ArrayList<>();
    dojo.path("attack_templates").forEach(each -> keepFrame(frames, each.path("text").asText()));
    List<String> texts = new ArrayList<>(frames);
    for (JsonNode goal : dojo.path("injection_goals")) {
      String frame = frames.get(texts.size() % frames.size());
      texts.add(frame.replace("{goal}", goal.path("text").asText()));
    }
    for (String file : List.of("text_attack_train.json", "code_attack_train.json")) {
      read("bipia/" + file)
          .forEach(attacks -> attacks.forEach(attack -> texts.add(attack.asText())));
    }
    return texts;
  }

  private static void keepFrame(List<String> frames, String text) {
    if (text.contains("{goal}")) {
      frames.add(text);
    }
  }

  private static JsonNode read(String file) {
    try {
      return Json.parse(Files.readString(CORPUS.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
