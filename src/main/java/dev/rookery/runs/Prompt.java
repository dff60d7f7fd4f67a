package dev.rookery.runs;

import dev.rookery.models.ModelMessage;
import dev.rookery.models.ModelRequest;
import dev.rookery.models.Tokens;
import dev.rookery.models.ToolSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What the model is shown: stable instructions, as much of the past as fits, and this run whole.
 */
final class Prompt {
  private static final int ANSWER_TOKENS = 4_096;
  private static final double HISTORY_SHARE = 0.5;

  private final String system;
  private final List<ToolSpec> tools;
  private final int window;
  private List<List<ModelMessage>> past;

  /**
   * @param past turns of earlier runs in this conversation, oldest first
   * @param window tokens the model can read
   */
  Prompt(String system, List<ToolSpec> tools, List<List<ModelMessage>> past, int window) {
    this.system = system;
    this.tools = List.copyOf(tools);
    this.past = List.copyOf(past);
    this.window = window;
  }

  ModelRequest request(String model, List<ModelMessage> messages) {
    List<ModelMessage> shown = new ArrayList<>();
    fitting().forEach(shown::addAll);
    shown.addAll(messages);
    int answer = Math.min(ANSWER_TOKENS, Math.max(256, window / 4));
    return new ModelRequest(model, system, shown, tools, new ModelRequest.Limits(answer, null));
  }

  /** Halves the past after the provider said that it is too long; false when there is none left. */
  boolean forgetHalf() {
    if (past.isEmpty()) {
      return false;
    }
    past = past.subList((past.size() + 1) / 2, past.size());
    return true;
  }

  private List<List<ModelMessage>> fitting() {
    long budget = (long) (window * HISTORY_SHARE);
    int from = past.size();
    while (from > 0) {
      budget -= past.get(from - 1).stream().mapToLong(Tokens::estimate).sum();
      if (budget < 0) {
        break;
      }
      from--;
    }
    return past.subList(from, past.size());
  }

  /**
   * A turn as later runs see it: what people said and the last answer, without the tool calls
   * between.
   */
  static List<ModelMessage> turn(List<ModelMessage> messages) {
    List<ModelMessage> turn = new ArrayList<>();
    String answer = "";
    for (ModelMessage message : messages) {
      switch (message) {
        case ModelMessage.User user -> turn.add(user);
        case ModelMessage.Assistant(String text, var calls) -> {
          if (calls.isEmpty()) {
            answer = text;
          }
        }
        case ModelMessage.ToolAnswer _ -> {}
      }
    }
    if (!turn.isEmpty()) {
      turn.add(new ModelMessage.Assistant(answer.isBlank() ? "(no answer)" : answer, List.of()));
    }
    return turn;
  }
}
