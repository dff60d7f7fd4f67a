package dev.rookery.models;

import java.util.List;

/** A whole answer: text, calls, or both. {@code model} is the name the provider reported. */
public record ModelAnswer(String text, List<ToolCall> calls, Usage usage, Stop stop, String model) {
  public ModelAnswer {
    calls = List.copyOf(calls);
  }

  /** Why the model stopped. */
  public enum Stop {
    END,
    TOOL_CALLS,
    MAX_TOKENS,
    REFUSAL
  }

  /** Tokens as the provider counted them; input excludes the cached ones. */
  public record Usage(long input, long output, long cacheRead, long cacheWrite) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);
  }
}
