package dev.rookery.delivery;

import dev.rookery.integrations.Integration;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outbound half of a channel. */
public interface Sender {
  /** Type name, such as {@code telegram}. */
  String channel();

  /**
   * Cuts a reply into messages the channel takes, on paragraph and code-fence borders. Never empty.
   */
  List<String> split(String markdown);

  /** Sends one message, once. Blocks; never retries by itself. */
  Receipt deliver(Integration integration, Outbound message);

  /** Whether a message of which we do not know arrived. */
  default Found lookUp(Integration integration, Outbound message) {
    return new Found.CannotTell();
  }

  /** Shows that the agent works (typing). Best effort; failures are ignored by the caller. */
  default void indicate(Integration integration, String address) {}

  /**
   * One message to one address.
   *
   * @param address the remote place in the channel's own spelling, such as {@code 12345/7} for chat
   *     and thread
   * @param markdown CommonMark
   * @param replyTo remote id of the message it answers
   * @param choices to be offered as buttons, where the channel has such
   */
  record Outbound(
      String idempotencyKey,
      String address,
      String markdown,
      @Nullable String replyTo,
      List<Choice> choices) {
    public Outbound {
      choices = List.copyOf(choices);
    }
  }

  /** What became of one attempt. */
  sealed interface Receipt {
    record Sent(String remoteId) implements Receipt {}

    /** Certainly not sent; try again after this long (or the usual back-off when null). */
    record Retry(@Nullable Duration after, String cause) implements Receipt {}

    /** Certainly not sent: the place has a new address. */
    record Moved(String address) implements Receipt {}

    /** Certainly not sent, and never will be. */
    record Failed(String code, String cause) implements Receipt {}

    /** May have been sent. Held for a person unless the channel can look it up. */
    record Unknown(String cause) implements Receipt {}
  }

  /** Answer of {@link #lookUp}. */
  sealed interface Found {
    record Arrived(String remoteId) implements Found {}

    record Absent() implements Found {}

    record CannotTell() implements Found {}
  }
}
