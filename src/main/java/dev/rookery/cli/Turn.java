package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One message and what came of it, as the journal tells it. */
final class Turn {
  /** How a turn ended. */
  enum Ending {
    REPLIED(Exit.OK),
    FAILED(Exit.FAILED),
    WAITING(Exit.WAITING),
    /** Nobody woke. */
    IGNORED(Exit.FAILED),
    TIMEOUT(Exit.FAILED);

    private final int exitCode;

    Ending(int exitCode) {
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  private final String event;
  private final String conversation;
  private final List<String> replies = new ArrayList<>();
  private volatile @Nullable String run;
  private volatile @Nullable Ending ending;
  private String why = "";
  private boolean joined;

  Turn(String event, String conversation) {
    this.event = event;
    this.conversation = conversation;
  }

  String event() {
    return event;
  }

  @Nullable String run() {
    return run;
  }

  /** Null while it goes on. */
  @Nullable Ending ending() {
    return ending;
  }

  /** Why it failed, waits or was ignored. */
  String why() {
    return why;
  }

  List<String> replies() {
    return replies;
  }

  /** Whether the message went to a run that was there before, which may have been waiting. */
  boolean joined() {
    return joined;
  }

  /** One entry of the journal of this conversation, in order. */
  void note(JsonNode entry) {
    JsonNode data = entry.path("data");
    String subject = entry.path("subject").asText();
    switch (entry.path("kind").asText()) {
      case "run.queued" -> take(data, subject, false);
      case "run.input_added" -> take(data, subject, true);
      case "delivery.sent" -> {
        String of = data.path("run").asText("");
        if (data.hasNonNull("text") && (of.isEmpty() || of.equals(run))) {
          replies.add(data.path("text").asText());
        }
      }
      case "run.parked", "run.finished" -> {
        if (subject.equals(run)) {
          stands(data.path("state").asText(), reason(data));
        }
      }
      default -> {}
    }
  }

  private void take(JsonNode data, String subject, boolean existing) {
    if (data.path("event").asText().equals(event)) {
      run = subject;
      joined = existing;
    }
  }

  /** The event as the API shows it, asked for while no run is known. */
  void decided(JsonNode shown) {
    String dispatch = shown.path("dispatch").asText();
    if (dispatch.equals("dead")) {
      end(
          Ending.FAILED,
          "The message could not be dispatched: " + shown.path("dispatch_error").asText(""));
    } else if (dispatch.equals("dispatched")) {
      for (JsonNode activation : shown.path("activations")) {
        if (run == null && activation.hasNonNull("run")) {
          run = activation.path("run").asText();
          joined = true;
        }
        why = activation.path("why").asText("");
      }
      if (run == null) {
        ending = Ending.IGNORED;
      }
    }
  }

  /** Where its run stands, from the journal or from the API. */
  void stands(String state, String reason) {
    switch (state) {
      case "done" -> end(Ending.REPLIED, "");
      case "failed", "cancelled" -> end(Ending.FAILED, reason);
      case "waiting_permission" -> end(Ending.WAITING, reason);
      default -> {}
    }
  }

  /** A command such as /clear is answered without a run. */
  void answered() {
    if (ending == Ending.IGNORED && !replies.isEmpty()) {
      ending = Ending.REPLIED;
    }
  }

  /** A person answered what it waited for. */
  void goOn() {
    ending = null;
    why = "";
  }

  void end(Ending how, String reason) {
    ending = how;
    why = reason;
  }

  static String reason(JsonNode of) {
    for (String field : List.of("failure_reason", "wait_reason", "reason", "outcome", "by")) {
      if (of.hasNonNull(field)) {
        return of.path(field).asText();
      }
    }
    return "";
  }

  ObjectNode json(String agent) {
    ObjectNode json =
        Json.object()
            .put("id", run)
            .put("agent", agent)
            .put("conversation", conversation)
            .put("event", event)
            .put("run", run)
            .put("ending", ending == null ? null : ending.name().toLowerCase(Locale.ROOT))
            .put("why", why.isEmpty() ? null : why);
    ArrayNode said = json.putArray("replies");
    replies.forEach(said::add);
    return json;
  }
}
