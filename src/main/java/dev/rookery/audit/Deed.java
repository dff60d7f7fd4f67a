package dev.rookery.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Actor;

/**
 * Something that was done, about to be recorded.
 *
 * @param action the kind of its journal entry, such as {@code policy.changed}
 * @param subject id of what it was done to
 * @param data as in the journal; without secrets
 */
public record Deed(Actor actor, String action, String subject, JsonNode data) {}
