package dev.rookery.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a policy with the trigger {@code webhook}.
 *
 * @param prompt said to the agent before the payload; empty for none
 * @param to conversation in which the agent answers; null for one of its own, without a channel
 */
record HookConfig(Signature signature, String prompt, @Nullable String to) {
  private static final List<String> FIELDS = List.of("signature", "prompt", "to");
  private static final int MAX_PROMPT = 20_000;
  private static final int MAX_KEY = 200;

  /**
   * Reads {@code config.details} of a policy, strictly.
   *
   * @throws Refusal {@code unknown-field} or {@code bad-value}, with the place
   */
  static HookConfig read(String details) {
    ObjectNode json = (ObjectNode) Json.parse(details);
    for (var field : json.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw Refusal.badInput(
            "unknown-field",
            "At /config/%s: a webhook has no such setting. Allowed: %s, allow_bots.",
            Text.brief(Text.clean(field.getKey()), 60),
            String.join(", ", FIELDS));
      }
    }
    String spelled = text(json, "signature", MAX_KEY);
    Signature signature =
        spelled == null
            ? Signature.NONE
            : Signature.of(spelled)
                .orElseThrow(
                    () -> bad("signature", "one of " + String.join(", ", Signature.all())));
    String prompt = text(json, "prompt", MAX_PROMPT);
    return new HookConfig(signature, prompt == null ? "" : prompt, text(json, "to", MAX_KEY));
  }

  private static @Nullable String text(ObjectNode json, String name, int max) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual() || value.textValue().isBlank() || value.textValue().length() > max) {
      throw bad(name, "a text of 1 to " + max + " characters");
    }
    return Text.clean(value.textValue());
  }

  private static Refusal bad(String name, String expected) {
    return Refusal.badInput("bad-value", "At /config/%s: expected %s.", name, expected);
  }
}
