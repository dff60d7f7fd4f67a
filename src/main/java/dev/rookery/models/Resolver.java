package dev.rookery.models;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the model that is meant, and why. */
final class Resolver {
  private static final List<Provider> KEYED =
      List.of(Provider.ANTHROPIC, Provider.OPENAI, Provider.OPENROUTER);
  private static final ModelChoice SCRIPTED = new ModelChoice(Provider.SCRIPTED, "");

  private final ModelSettings settings;
  private final Supplier<Optional<String>> firstOllamaModel;
  private final Predicate<String> scriptExists;

  /**
   * @param firstOllamaModel asks the Ollama that is set, if it answers
   * @param scriptExists whether there is a named script
   */
  Resolver(
      ModelSettings settings,
      Supplier<Optional<String>> firstOllamaModel,
      Predicate<String> scriptExists) {
    this.settings = settings;
    this.firstOllamaModel = firstOllamaModel;
    this.scriptExists = scriptExists;
  }

  /** A choice and the sentence that says why it is the one. */
  record Resolved(ModelChoice choice, String why) {}

  Resolved resolve(@Nullable String agentModel, @Nullable String orgModel) {
    if (agentModel != null && !agentModel.isBlank()) {
      return new Resolved(read(agentModel), "set for the agent");
    }
    if (orgModel != null && !orgModel.isBlank()) {
      return new Resolved(read(orgModel), "the organization's default");
    }
    String everywhere = settings.defaultModel();
    if (everywhere != null) {
      return new Resolved(read(everywhere), "set by ROOKERY_MODEL");
    }
    if (settings.script() != null) {
      return new Resolved(SCRIPTED, "ROOKERY_SCRIPT is set");
    }
    return found();
  }

  private Resolved found() {
    for (Provider provider : KEYED) {
      if (settings.endpoints().containsKey(provider)) {
        return new Resolved(
            new ModelChoice(provider, provider.defaultModel()),
            "the default of the first provider that is set (" + provider.variable() + ")");
      }
    }
    return firstOllamaModel
        .get()
        .map(
            m -> new Resolved(new ModelChoice(Provider.OLLAMA, m), "no key is set, Ollama answers"))
        .orElseGet(
            () ->
                new Resolved(
                    SCRIPTED,
                    "no provider key is set; set ANTHROPIC_API_KEY, OPENAI_API_KEY or"
                        + " OPENROUTER_API_KEY, or start Ollama, and restart"));
  }

  private ModelChoice read(String spelling) {
    String cleaned = spelling.strip();
    int slash = cleaned.indexOf('/');
    Provider provider = Provider.named(slash < 0 ? cleaned : cleaned.substring(0, slash));
    String model = slash < 0 ? "" : cleaned.substring(slash + 1);
    return switch (provider) {
      case SCRIPTED -> scripted(model);
      case OLLAMA -> new ModelChoice(provider, model.isEmpty() ? someOllamaModel() : model);
      case ANTHROPIC, OPENAI, OPENROUTER -> keyed(provider, model);
    };
  }

  private ModelChoice keyed(Provider provider, String model) {
    if (!settings.endpoints().containsKey(provider)) {
      throw Refusal.badInput(
          "model-not-configured",
          "The model provider '%s' has no key. Set %s and restart, or choose another model.",
          provider.id(),
          provider.variable());
    }
    return new ModelChoice(provider, model.isEmpty() ? provider.defaultModel() : model);
  }

  private ModelChoice scripted(String name) {
    if (name.isEmpty() || scriptExists.test(name)) {
      return new ModelChoice(Provider.SCRIPTED, name);
    }
    throw Refusal.badInput(
        "model-not-configured",
        "There is no script '%s'. Put %s.yaml into the scripts directory, or choose 'scripted'.",
        Text.brief(name, 80),
        Text.brief(name, 80));
  }

  private String someOllamaModel() {
    return firstOllamaModel
        .get()
        .orElseThrow(
            () ->
                Refusal.badInput(
                    "model-not-configured",
                    "Ollama does not answer, or has no model. Start it and pull a model, or set"
                        + " OLLAMA_BASE_URL."));
  }
}
