package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Asks the person at the terminal about a tool call, and sends the answer. */
final class ApprovalDialog {
  private static final String CHOICES =
      "[a]llow once / al[w]ays / [d]eny / [e]dit / [s]kip for now: ";

  private final Context context;
  private final Dialogue dialogue;
  private final OpenRequests requests;
  private final Prompt prompt;

  /** Reads a line while the conversation goes on; null at the end of the input. */
  interface Prompt {
    @Nullable String ask(String text);
  }

  ApprovalDialog(Context context, Dialogue dialogue, OpenRequests requests, Prompt prompt) {
    this.context = context;
    this.dialogue = dialogue;
    this.requests = requests;
    this.prompt = prompt;
  }

  /** False when it is left for later. */
  boolean decide(String id) {
    JsonNode approval = context.api().get(Route.of("approvals/{}", id));
    if (!approval.path("state").asText().equals("pending")) {
      return gone(approval);
    }
    show(approval);
    while (true) {
      String line = prompt.ask(CHOICES);
      if (!requests.has(id)) {
        return gone(context.api().get(Route.of("approvals/{}", id)));
      }
      String choice = line == null ? "s" : line.strip().toLowerCase(Locale.ROOT);
      if (choice.equals("s") || choice.equals("skip")) {
        note("left for later: %s approvals show %s".formatted(Program.name(), id));
        return false;
      }
      ObjectNode answer = answer(choice, approval);
      if (answer != null) {
        answer.put("id", id).put("sha256", approval.path("sha256").asText());
        if (send(id, answer)) {
          return true;
        }
      }
    }
  }

  private boolean gone(JsonNode approval) {
    String id = approval.path("id").asText();
    requests.remove(id);
    String by = approval.path("by").asText("");
    note(
        "%s was %s%s before"
            .formatted(
                Output.text(approval, "tool"),
                Output.text(approval, "state"),
                by.isEmpty() ? "" : " by " + by));
    return true;
  }

  private void show(JsonNode approval) {
    Output output = context.output();
    Style style = context.style();
    output.note(
        style.paint(
            "May it use " + Glyphs.line(Output.text(approval, "tool")) + "?", Style.Tone.WARN));
    approval.path("preview").asText("").lines().forEach(l -> output.note("    " + Glyphs.line(l)));
    detail("why asked", Output.text(approval, "why"));
    detail("rule", Output.text(approval, "rule"));
    detail("denied", output.ago(approval.path("deadline").asText("")) + " if nobody answers");
  }

  private void detail(String name, String value) {
    if (!value.equals("-")) {
      note(name + ": " + value);
    }
  }

  private void note(String text) {
    context.output().note(context.style().paint("· " + Glyphs.line(text), Style.Tone.DIM));
  }

  /** Null when it is none, which was said then. */
  private @Nullable ObjectNode answer(String choice, JsonNode approval) {
    return switch (choice) {
      case "a", "allow" -> Json.object().put("answer", "allow");
      case "w", "always" -> Json.object().put("answer", "always");
      case "d", "deny" -> denial();
      case "e", "edit" -> edited(approval);
      default -> {
        context.output().note("Type a, w, d, e or s.");
        yield null;
      }
    };
  }

  private ObjectNode denial() {
    String words = prompt.ask("What it is told (Enter for nothing): ");
    ObjectNode answer = Json.object().put("answer", "deny");
    return words == null || words.isBlank() ? answer : answer.put("text", words.strip());
  }

  private @Nullable ObjectNode edited(JsonNode approval) {
    context.output().note("Now: " + Glyphs.line(Json.write(approval.path("arguments"))));
    String line = prompt.ask("Arguments instead, as a JSON object (Enter to go back): ");
    if (line == null || line.isBlank()) {
      return null;
    }
    try {
      JsonNode arguments = Json.parse(line);
      if (arguments.isObject()) {
        ObjectNode answer = Json.object().put("answer", "edit");
        answer.set("arguments", arguments);
        return answer;
      }
      context.output().note("That is JSON, but no object: it begins with { and ends with }.");
    } catch (Refusal refusal) {
      context
          .output()
          .note("That is no JSON: " + Glyphs.line(String.valueOf(refusal.getMessage())));
    }
    return null;
  }

  /** False when the answer itself was wrong and another can be given. */
  private boolean send(String id, ObjectNode answer) {
    try {
      dialogue.call("permission.respond", answer);
      requests.remove(id);
      return true;
    } catch (CliFailure failure) {
      if (failure.mayPass()) {
        throw failure;
      }
      context.output().note(Glyphs.harmless(failure.text()));
      boolean decided = failure.exitCode() == Exit.FAILED || failure.exitCode() == Exit.NOT_FOUND;
      if (decided) {
        requests.remove(id);
      }
      return decided;
    }
  }
}
