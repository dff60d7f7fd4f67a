package dev.rookery.models;

import dev.rookery.kernel.Refusal;
import dev.rookery.models.ModelSettings.Endpoint;
import dev.rookery.models.ModelSettings.Exchanges;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models that the settings name. Nothing is opened before it is needed. */
final class ConfiguredSource implements ModelSource {
  private final ModelSettings settings;
  private final Scripts scripts;
  private final OllamaProbe ollama;
  private @Nullable LiveTransport live;
  private @Nullable Transport transport;

  ConfiguredSource(ModelSettings settings) {
    this.settings = settings;
    this.scripts = new Scripts(settings);
    Endpoint endpoint = settings.endpoints().get(Provider.OLLAMA);
    String url = endpoint == null ? Provider.OLLAMA.baseUrl() : endpoint.baseUrl();
    this.ollama = new OllamaProbe(url.replaceFirst("/v1$", ""), settings.limits().probe());
  }

  @Override
  public ChatModel model(ModelChoice choice) {
    Provider provider = choice.provider();
    if (provider == Provider.SCRIPTED) {
      return scripts.named(choice.model());
    }
    Endpoint endpoint = settings.endpoints().get(provider);
    if (endpoint == null) {
      throw Refusal.badInput(
          "model-not-configured",
          "The model '%s' cannot be used on this node: set %s and restart.",
          choice.spelling(),
          provider.variable());
    }
    Dialect dialect =
        provider == Provider.ANTHROPIC
            ? new Dialect.Anthropic(endpoint)
            : new Dialect.OpenAi(provider, endpoint);
    return new LangChainModel(provider, dialect, transport());
  }

  private synchronized Transport transport() {
    Transport known = transport;
    if (known == null) {
      known =
          switch (settings.exchanges()) {
            case Exchanges.Live _ -> network();
            case Exchanges.Recorded(var to) -> new RecordingTransport(network(), to);
            case Exchanges.Replayed(var from) -> new ReplayTransport(from);
          };
      transport = known;
    }
    return known;
  }

  private LiveTransport network() {
    LiveTransport opened = new LiveTransport(settings.limits());
    live = opened;
    return opened;
  }

  @Override
  public Optional<String> firstOllamaModel() {
    return settings.exchanges() instanceof Exchanges.Replayed
        ? Optional.empty()
        : ollama.firstModel();
  }

  @Override
  public boolean scriptExists(String name) {
    return scripts.exists(name);
  }

  @Override
  public synchronized void close() {
    if (live != null) {
      live.close();
    }
  }
}
