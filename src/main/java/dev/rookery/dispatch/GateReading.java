package dev.rookery.dispatch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.activation.GateAnswer;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what a model answered to a gate's question: one JSON object with {@code decision} and
 * {@code reason}, in a code fence at most. Whatever else it is, it is a pass.
 */
final class GateReading {
  static final int MAX_REASON = 300;
  private static final int MAX_ANSWER = 8_000;
  private static final Set<String> FIELDS = Set.of("decision", "reason");
  private static final Pattern FENCE_BEGINS = Pattern.compile("\\A```(?:json)?\\s*\\n");
  private static final Pattern FENCE_ENDS = Pattern.compile("\\n\\s*```\\z");

  private GateReading() {}

  static GateAnswer read(String answer) {
    String text = answer.strip();
    if (text.length() > MAX_ANSWER) {
      return unreadable("the answer is longer than " + MAX_ANSWER + " characters");
    }
    if (text.startsWith("```")) {
      text = FENCE_ENDS.matcher(FENCE_BEGINS.matcher(text).replaceFirst("")).replaceFirst("");
    }
    try {
      return of(Json.parse(text));
    } catch (Refusal _) {
      return unreadable("the answer is not JSON");
    }
  }

  private static GateAnswer of(JsonNode json) {
    for (var field : json.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        return unreadable("the answer has another field than decision and reason");
      }
    }
    JsonNode reason = json.path("reason");
    if (!reason.isTextual() || !json.path("decision").isTextual()) {
      return unreadable("the answer has no decision with a reason");
    }
    String why = oneLine(reason.textValue());
    return switch (json.path("decision").textValue()) {
      case "respond" -> new GateAnswer.Respond(why);
      case "pass" -> new GateAnswer.Pass("pass", why);
      default -> unreadable("the decision is neither respond nor pass");
    };
  }

  static GateAnswer unreadable(String why) {
    return new GateAnswer.Pass("gate-unreadable", why);
  }

  static String oneLine(String text) {
    return Text.brief(Text.clean(text).replaceAll("[\\s\\p{Cntrl}]+", " ").strip(), MAX_REASON);
  }
}
