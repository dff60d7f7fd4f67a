package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One event of the gateway.
 *
 * @param name such as {@code run.final} (docs/gateway.md)
 * @param seq number of the journal record; 0 for a piece of text, which has none
 * @param payload the record as the API shows it, or the piece of text
 */
record GatewayEvent(String name, long seq, JsonNode payload) {

  /** Whether it is a piece of what a model says, as it comes. */
  boolean token() {
    return name.equals("run.token");
  }

  static GatewayEvent of(JsonNode frame) {
    return new GatewayEvent(
        frame.path("event").asText(), frame.path("seq").asLong(), frame.path("payload"));
  }

  /** A record that was read from the journal itself. */
  static GatewayEvent ofRecord(JsonNode record) {
    return new GatewayEvent("journal.entry", record.path("seq").asLong(), record);
  }
}
