package dev.rookery.journal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, about to be recorded.
 *
 * @param kind dotted and in the past tense, such as {@code run.finished}
 * @param subject id of what it is about
 * @param conversation key of the conversation it belongs to, if any
 * @param agent whose doing or configuration it is, if it is one agent's
 */
public record JournalEntry(
    String kind,
    String subject,
    @Nullable String conversation,
    @Nullable AgentId agent,
    JsonNode data) {

  public JournalEntry(String kind, String subject, @Nullable String conversation, JsonNode data) {
    this(kind, subject, conversation, null, data);
  }

  @Nullable String agentValue() {
    return agent == null ? null : agent.value();
  }

  /** The same, as one agent's. */
  public JournalEntry of(@Nullable AgentId whose) {
    return new JournalEntry(kind, subject, conversation, whose, data);
  }
}
