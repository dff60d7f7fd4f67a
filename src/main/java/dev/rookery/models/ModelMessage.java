package dev.rookery.models;

import java.util.List;

/** One message of the conversation with a model. */
public sealed interface ModelMessage {
  record User(String text) implements ModelMessage {}

  record Assistant(String text, List<ToolCall> calls) implements ModelMessage {
    public Assistant {
      calls = List.copyOf(calls);
    }
  }

  record ToolAnswer(String callId, String tool, String text, boolean error)
      implements ModelMessage {}
}
