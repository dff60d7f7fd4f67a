package dev.rookery.agents;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What the fields of an agent may hold. */
final class AgentRules {
  private static final Pattern HANDLE = Pattern.compile("[a-z0-9][a-z0-9-]{0,38}");
  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9_-]{0,39}/[!-~]{1,200}");
  private static final int MAX_NAME = 200;
  private static final int MAX_INSTRUCTIONS = 64_000;

  private AgentRules() {}

  static String handle(String handle) {
    if (!HANDLE.matcher(handle).matches()) {
      throw Refusal.badInput(
          "bad-handle",
          "'%s' is not a handle: 1 to 39 of a-z, 0-9 and -, not starting with -.",
          Text.brief(handle, 60));
    }
    return handle;
  }

  static String name(String name) {
    String clean = Text.clean(name).strip();
    if (clean.isEmpty() || clean.length() > MAX_NAME) {
      throw Refusal.badInput("bad-name", "The name of an agent has 1 to 200 characters.");
    }
    return clean;
  }

  static String instructions(String instructions) {
    String clean = Text.clean(instructions);
    int size = clean.getBytes(StandardCharsets.UTF_8).length;
    if (size > MAX_INSTRUCTIONS) {
      throw Refusal.badInput(
          "instructions-too-long",
          "The instructions have %d bytes; at most %d fit.",
          size,
          MAX_INSTRUCTIONS);
    }
    return clean;
  }

  static String model(String model) {
    if (!MODEL.matcher(model).matches()) {
      throw Refusal.badInput(
          "bad-model",
          "'%s' is not a model: write provider/model, such as anthropic/claude-sonnet-4-5.",
          Text.brief(model, 60));
    }
    return model;
  }
}
