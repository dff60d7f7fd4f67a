package dev.rookery.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Refusal;

/** What a client sent, as far as it could be read. */
sealed interface Frame {
  /** A proper request. */
  record Asked(String id, String method, ObjectNode params) implements Frame {}

  /** A request that can be answered, but only with why it is none. */
  record Faulty(String id, Refusal why) implements Frame {}

  /**
   * Nothing that could be answered.
   *
   * @param why for the client, short enough for a close frame
   */
  record Broken(String why) implements Frame {}
}
