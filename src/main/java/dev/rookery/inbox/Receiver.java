package dev.rookery.inbox;

import dev.rookery.integrations.Integration;
import java.util.List;
import java.util.Map;

/**
 * The inbound half of a channel: proves who sent it and says what it means. Touches no database.
 */
public interface Receiver {
  /** Type name, such as {@code telegram}. */
  String channel();

  /** Largest body it takes, in bytes. */
  default int bodyLimit() {
    return 1 << 20;
  }

  /**
   * Verifies over the raw bytes, in constant time and before parsing; then parses.
   *
   * @param headers lower-case names; all values, so that a duplicated header is seen
   */
  Reception receive(Integration integration, byte[] body, Map<String, List<String>> headers);

  /** What a delivery turned out to be. */
  sealed interface Reception {
    /** Genuine and of interest. */
    record Accepted(List<Inbound> inbound) implements Reception {
      public Accepted {
        inbound = List.copyOf(inbound);
      }
    }

    /** Genuine, but nothing to act on (an unknown update kind, our own message). Answered 2xx. */
    record Skipped(String dedupeKey, String code, String why) implements Reception {}

    /** Not genuine or not readable. {@code status} is the HTTP answer: 400, 401 or 503. */
    record Rejected(int status, String code, String why) implements Reception {}
  }
}
