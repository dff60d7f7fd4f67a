package dev.rookery.models;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a model.
 *
 * @param model the provider's own name of the model, without Rookery's provider prefix
 * @param system instructions; stable between turns, so that providers can cache them
 * @param messages oldest first; the last one is from the user or a tool
 */
public record ModelRequest(
    String model, String system, List<ModelMessage> messages, List<ToolSpec> tools, Limits limits) {
  public ModelRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }

  /**
   * Upper bounds of one answer: output tokens, and the temperature in [0, 2] or null for the
   * default.
   */
  public record Limits(int maxOutputTokens, @Nullable Double temperature) {
    public static final Limits DEFAULT = new Limits(4096, null);

    public Limits {
      if (maxOutputTokens < 1) {
        throw new IllegalArgumentException(
            "max output tokens must be positive: " + maxOutputTokens);
      }
    }
  }
}
