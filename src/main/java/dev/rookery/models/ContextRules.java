package dev.rookery.models;

import java.util.List;

/** How many tokens a model can read. A known table, and low guesses for the rest. */
final class ContextRules {
  private record Row(String prefix, int tokens) {}

  /** Longest prefix first among those that share a beginning. */
  private static final List<Row> KNOWN =
      List.of(
          new Row("claude-", 200_000),
          new Row("gpt-4.1", 1_047_576),
          new Row("gpt-4o", 128_000),
          new Row("gpt-4-turbo", 128_000),
          new Row("gpt-4", 8_192),
          new Row("gpt-3.5", 16_385),
          new Row("gpt-5", 272_000),
          new Row("o1", 200_000),
          new Row("o3", 200_000),
          new Row("o4", 200_000),
          new Row("gemini-", 1_000_000),
          new Row("llama-3", 128_000),
          new Row("mistral-large", 128_000),
          new Row("deepseek-", 64_000));

  private static final int UNKNOWN = 32_000;

  /**
   * Ollama cuts silently at its own setting, whatever the model could read; this is its default.
   */
  private static final int OLLAMA = 4_096;

  private static final int SCRIPTED = 1_000_000;

  private ContextRules() {}

  static int window(ModelChoice choice) {
    return switch (choice.provider()) {
      case SCRIPTED -> SCRIPTED;
      case OLLAMA -> OLLAMA;
      case ANTHROPIC, OPENAI -> known(choice.model());
      case OPENROUTER -> known(choice.model().substring(choice.model().indexOf('/') + 1));
    };
  }

  private static int known(String model) {
    for (Row row : KNOWN) {
      if (model.startsWith(row.prefix())) {
        return row.tokens();
      }
    }
    return UNKNOWN;
  }
}
