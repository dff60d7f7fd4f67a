package dev.rookery.inbox;

import dev.rookery.integrations.Integration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /**
   * Fetches a file that came along. Blocks; keeps nothing.
   *
   * @param attachment as this receiver announced it
   */
  default Download download(Integration integration, Inbound.Attachment attachment) {
    return new Download.Gone("The channel " + channel() + " has no files to fetch.");
  }

  /** What became of fetching a file. */
  sealed interface Download {
    /** The whole file. The array is the caller's. */
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] bytes, String mediaType, String name) implements Download {}

    /** Larger than {@code limit} bytes; nothing was kept. */
    record TooLarge(long limit) implements Download {}

    /** Not there, or not for us, and never will be. */
    record Gone(String cause) implements Download {}

    /** Try again later, after this long when the remote side said so. */
    record Retry(@Nullable Duration after, String cause) implements Download {}
  }

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
