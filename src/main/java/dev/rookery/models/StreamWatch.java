package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.models.ModelAnswer.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Reads over LangChain4j's shoulder what it does not tell: whether the answer came to its end, why
 * it ended, and what an error in the middle of a stream was. Without it a stream that breaks off
 * looks like a short answer.
 */
interface StreamWatch {
  /**
   * @throws ModelFailure for an error event, classified by its type
   */
  void see(String event, JsonNode data);

  /** The stream said {@code [DONE]}. */
  default void done() {}

  /** Nothing that matters follows. */
  boolean over();

  /** Why the model stopped; null while it has not said so. */
  @Nullable Stop stop();

  /** The provider's words in place of a refused answer; empty where it has none. */
  default String refusal() {
    return "";
  }

  /** Anthropic's messages API. */
  final class Anthropic implements StreamWatch {
    private @Nullable Stop stop;
    private boolean over;

    @Override
    public void see(String event, JsonNode data) {
      switch (data.path("type").asText(event)) {
        case "error" -> throw WireErrors.inStream(Provider.ANTHROPIC, data);
        case "message_delta" -> {
          JsonNode reason = data.path("delta").path("stop_reason");
          if (reason.isTextual()) {
            stop = named(reason.asText());
          }
        }
        case "message_stop" -> over = true;
        default -> {
          // Blocks and pings are LangChain4j's; unknown events are to be ignored.
        }
      }
    }

    private static Stop named(String reason) {
      return switch (reason) {
        case "tool_use" -> Stop.TOOL_CALLS;
        case "max_tokens", "model_context_window_exceeded" -> Stop.MAX_TOKENS;
        case "refusal" -> Stop.REFUSAL;
        default -> Stop.END;
      };
    }

    @Override
    public boolean over() {
      return over;
    }

    @Override
    public @Nullable Stop stop() {
      return over ? stop : null;
    }
  }

  /** OpenAI's chat completions, also as others speak them. */
  final class OpenAi implements StreamWatch {
    private final Provider provider;
    private final StringBuilder refusal = new StringBuilder();
    private @Nullable Stop stop;
    private boolean over;

    OpenAi(Provider provider) {
      this.provider = provider;
    }

    @Override
    public void see(String event, JsonNode data) {
      if (event.equals("error") || data.hasNonNull("error")) {
        throw WireErrors.inStream(provider, data);
      }
      JsonNode choice = data.path("choices").path(0);
      JsonNode refused = choice.path("delta").path("refusal");
      refusal.append(refused.isTextual() ? refused.asText() : "");
      JsonNode reason = choice.path("finish_reason");
      if (reason.isTextual() && !reason.asText().isEmpty()) {
        stop = named(reason.asText());
      }
    }

    private Stop named(String reason) {
      return switch (reason) {
        case "tool_calls", "function_call" -> Stop.TOOL_CALLS;
        case "length" -> Stop.MAX_TOKENS;
        case "content_filter" -> Stop.REFUSAL;
        case "error" -> throw WireErrors.brokeOff(provider);
        default -> Stop.END;
      };
    }

    @Override
    public void done() {
      over = true;
    }

    @Override
    public boolean over() {
      return over;
    }

    @Override
    public @Nullable Stop stop() {
      return stop != null && !refusal.isEmpty() ? Stop.REFUSAL : stop;
    }

    @Override
    public String refusal() {
      return refusal.toString();
    }
  }
}
