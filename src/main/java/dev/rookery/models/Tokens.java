package dev.rookery.models;

/**
 * A cheap estimate of tokens: a quarter of the UTF-8 bytes, rounded up, which is near the truth for
 * English and high for most other text. For trimming and reserving, never for billing.
 */
public final class Tokens {
  /** What roles, separators and call ids cost a message, roughly. */
  private static final int PER_MESSAGE = 4;

  private Tokens() {}

  public static long estimate(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return (bytes + 3) / 4;
  }

  public static long estimate(ModelMessage message) {
    return PER_MESSAGE
        + switch (message) {
          case ModelMessage.User(var text) -> estimate(text);
          case ModelMessage.ToolAnswer(_, var tool, var text, _) -> estimate(tool) + estimate(text);
          case ModelMessage.Assistant(var text, var calls) ->
              estimate(text)
                  + calls.stream()
                      .mapToLong(c -> estimate(c.tool()) + estimate(c.arguments().toString()))
                      .sum();
        };
  }

  /** Everything the provider will read: system, messages and tools. */
  public static long estimate(ModelRequest request) {
    return estimate(request.system())
        + request.messages().stream().mapToLong(Tokens::estimate).sum()
        + request.tools().stream()
            .mapToLong(
                t ->
                    estimate(t.name())
                        + estimate(t.description())
                        + estimate(t.schema().toString()))
            .sum();
  }
}
