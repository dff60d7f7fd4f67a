package dev.rookery.models;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All language models of this node. Says which model is meant, and makes single attempts; what
 * follows a failed attempt is decided by {@link RetryRules} and journaled by the caller. Safe for
 * use by many threads.
 */
public final class Models implements AutoCloseable {
  private final ModelSettings settings;
  private final Resolver resolver;
  private final ModelSource source;
  private final Map<Provider, Gate> gates = new EnumMap<>(Provider.class);

  /** Opens nothing yet: providers are reached at the first call. */
  public Models(ModelSettings settings, InstantSource clock) {
    this(
        settings,
        new ConfiguredSource(settings),
        clock,
        () -> ThreadLocalRandom.current().nextDouble());
  }

  Models(ModelSettings settings, ModelSource source, InstantSource clock, DoubleSupplier random) {
    this.settings = settings;
    this.source = source;
    this.resolver = new Resolver(settings, source::firstOllamaModel, source::scriptExists);
    for (Provider provider : Provider.values()) {
      int slots = provider == Provider.SCRIPTED ? Integer.MAX_VALUE : settings.slots();
      gates.put(provider, new Gate(provider, slots, clock, random));
    }
  }

  /**
   * The model for an agent: its own, else the organization's, else {@code ROOKERY_MODEL}, else the
   * script of {@code ROOKERY_SCRIPT}, else the default of the first provider with a key, else the
   * first model of a reachable Ollama, else the scripted model.
   *
   * @param agentModel spelled {@code provider/model}, or null
   * @param orgModel spelled the same way, or null
   * @throws Refusal {@code model-not-configured}, saying which variable to set
   */
  public ModelChoice choose(@Nullable String agentModel, @Nullable String orgModel) {
    return resolver.resolve(agentModel, orgModel).choice();
  }

  /**
   * The model for a small question of Rookery's own, such as whether a line concerns an agent: that
   * of {@code ROOKERY_GATE_MODEL}, else the agent's.
   *
   * @throws Refusal as {@link #choose}
   */
  public ModelChoice chooseForGate(@Nullable String agentModel, @Nullable String orgModel) {
    String cheap = settings.gateModel();
    return cheap == null ? choose(agentModel, orgModel) : choose(cheap, null);
  }

  /**
   * What an agent without settings of its own gets.
   *
   * @param sentence one line for people, e.g. {@code scripted model: no provider key is set; set …}
   * @param ready false when ROOKERY_MODEL names what is not configured; the sentence says what to
   *     do
   */
  public record Description(String model, String sentence, boolean scripted, boolean ready) {}

  /** What is in use and why, for start-up, {@code status} and {@code doctor}. */
  public Description describe() {
    try {
      Resolver.Resolved resolved = resolver.resolve(null, null);
      boolean scripted = resolved.choice().provider() == Provider.SCRIPTED;
      if (scripted) {
        source.model(resolved.choice());
      }
      String name = scripted ? "scripted model" : resolved.choice().spelling();
      return new Description(
          resolved.choice().spelling(), name + ": " + resolved.why() + how(), scripted, true);
    } catch (Refusal refusal) {
      String asked = settings.defaultModel() == null ? "" : settings.defaultModel();
      return new Description(
          Text.brief(asked, 80), String.valueOf(refusal.getMessage()), false, false);
    }
  }

  private String how() {
    return switch (settings.exchanges()) {
      case ModelSettings.Exchanges.Live _ -> "";
      case ModelSettings.Exchanges.Recorded(var to) -> " (exchanges are recorded in " + to + ")";
      case ModelSettings.Exchanges.Replayed(var from) ->
          " (answers are replayed from " + from + ")";
    };
  }

  /**
   * How one provider stands.
   *
   * @param blockedUntil when its breaker lets the next call through, or null
   */
  public record ProviderState(
      Provider provider, boolean configured, int inFlight, @Nullable Instant blockedUntil) {}

  /** Every provider, for {@code status} and metrics. */
  public List<ProviderState> providers() {
    return gates.entrySet().stream()
        .map(
            e ->
                new ProviderState(
                    e.getKey(),
                    e.getKey() == Provider.SCRIPTED || settings.endpoints().containsKey(e.getKey()),
                    e.getValue().inFlight(),
                    e.getValue().blockedUntil()))
        .toList();
  }

  /**
   * One attempt. Waits for a free slot of the provider, then blocks until the whole answer is
   * there.
   *
   * @param request its model is replaced by the chosen one
   * @param deltas gets pieces of text as they stream, in order, on the calling thread or another;
   *     for display only
   * @throws ModelFailure classified; {@code BLOCKED} without a call while the breaker is open, with
   *     the time that is left; {@code CANCELLED} when the cancellation fired
   * @throws Refusal {@code model-not-configured} when the choice is not usable on this node
   */
  public ModelAnswer answer(
      ModelChoice choice,
      ModelRequest request,
      Consumer<String> deltas,
      Cancellation cancellation) {
    ChatModel model = source.model(choice);
    ModelRequest named =
        new ModelRequest(
            choice.model(),
            request.system(),
            request.messages(),
            request.tools(),
            request.limits());
    return gate(choice.provider())
        .through(cancellation, () -> model.answer(named, deltas, cancellation));
  }

  /** Tokens that the model can read; for unknown ones a low guess. */
  public int contextWindow(ModelChoice choice) {
    return ContextRules.window(choice);
  }

  /** Closes connections; calls in flight fail as unavailable. */
  @Override
  public void close() {
    source.close();
  }

  private Gate gate(Provider provider) {
    Gate gate = gates.get(provider);
    if (gate == null) {
      throw new IllegalStateException("no gate for " + provider);
    }
    return gate;
  }
}
