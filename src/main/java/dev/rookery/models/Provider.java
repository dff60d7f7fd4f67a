package dev.rookery.models;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who runs a model. The lower-case name is the first part of a choice's spelling. */
public enum Provider {
  ANTHROPIC("ANTHROPIC_API_KEY", "https://api.anthropic.com/v1", "claude-sonnet-4-5"),
  OPENAI("OPENAI_API_KEY", "https://api.openai.com/v1", "gpt-4.1"),
  OPENROUTER("OPENROUTER_API_KEY", "https://openrouter.ai/api/v1", "anthropic/claude-sonnet-4.5"),
  OLLAMA("OLLAMA_BASE_URL", "http://127.0.0.1:11434", ""),
  SCRIPTED("ROOKERY_SCRIPT", "", "");

  private final String variable;
  private final String baseUrl;
  private final String defaultModel;

  Provider(String variable, String baseUrl, String defaultModel) {
    this.variable = variable;
    this.baseUrl = baseUrl;
    this.defaultModel = defaultModel;
  }

  /** As it is spelled in a choice and in messages. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The environment variable that makes this provider usable. */
  public String variable() {
    return variable;
  }

  String baseUrl() {
    return baseUrl;
  }

  /** The model that is used when only the provider is named; empty where there is none. */
  String defaultModel() {
    return defaultModel;
  }

  /**
   * @throws Refusal {@code model-not-configured} when there is no such provider
   */
  static Provider named(String id) {
    for (Provider provider : values()) {
      if (provider.id().equals(id)) {
        return provider;
      }
    }
    throw Refusal.badInput(
        "model-not-configured",
        "There is no model provider '%s'. A model is spelled provider/model, where the provider is"
            + " one of: %s.",
        Text.brief(id, 80),
        Arrays.stream(values()).map(Provider::id).collect(Collectors.joining(", ")));
  }
}
