package dev.rookery.dispatch;

import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.Text;
import java.util.List;

/** An event as a line of the conversation for the model. */
final class Lines {
  private static final int MAX_NAME = 60;

  private Lines() {}

  /** In a group the speaker is named; files are named with what became of them. */
  static String of(Inbound inbound, List<String> fileNotes) {
    StringBuilder line = new StringBuilder();
    if (!inbound.place().direct() && !inbound.actor().name().isBlank()) {
      line.append(oneLine(inbound.actor().name())).append(": ");
    }
    if (inbound.type().equals("message_edited")) {
      line.append("(edited) ");
    }
    line.append(inbound.content().text());
    for (String note : fileNotes) {
      line.append(line.isEmpty() ? "" : "\n").append('[').append(note).append(']');
    }
    return line.isEmpty() ? "(empty message)" : line.toString();
  }

  private static String oneLine(String name) {
    return Text.brief(name.replaceAll("[\\s:]+", " ").strip(), MAX_NAME);
  }
}
