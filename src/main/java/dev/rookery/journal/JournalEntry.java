package dev.rookery.journal;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, about to be recorded.
 *
 * @param kind dotted and in the past tense, such as {@code run.finished}
 * @param subject id of what it is about
 * @param conversation key of the conversation it belongs to, if any
 */
public record JournalEntry(
    String kind, String subject, @Nullable String conversation, JsonNode data) {}
