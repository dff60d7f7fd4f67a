package dev.rookery.delivery;

import dev.rookery.kernel.DeliveryId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One message in the outbox. */
public record Delivery(
    DeliveryId id,
    OrgId org,
    String conversation,
    @Nullable IntegrationId integration,
    @Nullable RunId run,
    Message message,
    Progress progress) {

  /** {@code pending → sending → sent | failed | unknown | cancelled} (DESIGN §4). */
  public enum State {
    PENDING,
    SENDING,
    SENT,
    FAILED,
    UNKNOWN,
    CANCELLED;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /** What is said, and where. */
  public record Message(
      String idemKey,
      String address,
      String markdown,
      @Nullable String replyTo,
      List<Choice> choices) {
    public Message {
      choices = List.copyOf(choices);
    }
  }

  /** How far it is. Times in epoch milliseconds, 0 for what has not happened. */
  public record Progress(
      State state,
      long fence,
      int attempts,
      @Nullable String remoteId,
      @Nullable String error,
      long created,
      long finished) {}
}
