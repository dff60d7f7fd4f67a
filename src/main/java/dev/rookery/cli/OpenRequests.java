package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What waits for a person's decision in a conversation, as it comes and goes. */
final class OpenRequests {
  private final Map<String, String> runs = new LinkedHashMap<>();

  /** A record of the journal. */
  void note(JsonNode record) {
    String kind = record.path("kind").asText();
    if (kind.equals("approval.requested")) {
      add(record.path("subject").asText(), record.path("data").path("run").asText());
    } else if (kind.startsWith("approval.")) {
      remove(record.path("subject").asText());
    }
  }

  void add(String approval, String run) {
    runs.put(approval, run);
  }

  void remove(String approval) {
    runs.remove(approval);
  }

  boolean has(String approval) {
    return runs.containsKey(approval);
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  int size() {
    return runs.size();
  }

  List<String> all() {
    return List.copyOf(runs.keySet());
  }

  /** Whether a text is about one of them, as the question to the conversation is. */
  boolean named(String text) {
    return runs.keySet().stream().anyMatch(text::contains);
  }
}
