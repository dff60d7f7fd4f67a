package dev.rookery.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.inbox.Conversations;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.Integrations;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import dev.rookery.store.Patience;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;

/** Carries one claimed message to its channel and commits what became of it. */
final class Courier {
  private final Database database;
  private final Journal journal;
  private final Integrations integrations;
  private final Conversations conversations;
  private final Senders senders;
  private final BiConsumer<Tx, Sent> onSent;
  private final Random random = new Random();

  /** A message that was sent must be recorded as sent, or it would be held as unknown. */
  private final Patience patience = new Patience(Duration.ofSeconds(30));

  /** Something that arrived; becomes an artifact. */
  record Sent(Delivery delivery, String remoteId) {}

  Courier(Ground ground, Integrations integrations, Conversations conversations, Senders senders) {
    this.database = ground.database();
    this.journal = ground.journal();
    this.onSent = ground.onSent();
    this.integrations = integrations;
    this.conversations = conversations;
    this.senders = senders;
  }

  /** What every part of the outbox stands on. */
  record Ground(Database database, Journal journal, BiConsumer<Tx, Sent> onSent) {}

  /** The delivery as claimed: its fence and attempts are those before the claim. */
  void carry(Delivery delivery) {
    Integration integration = patience.untilStored(() -> integration(delivery)).orElse(null);
    if (integration == null || !integration.enabled()) {
      settle(
          delivery,
          new Sender.Receipt.Failed("integration-off", "The integration is gone or disabled."));
      return;
    }
    Sender sender = senders.of(integration.channel());
    Sender.Receipt receipt;
    try {
      receipt = sender.deliver(integration, outbound(delivery));
    } catch (RuntimeException e) {
      receipt =
          new Sender.Receipt.Unknown(
              "The channel's adapter broke: " + e.getClass().getSimpleName());
    }
    if (receipt instanceof Sender.Receipt.Unknown(String cause)) {
      receipt = lookUp(sender, integration, delivery, cause);
    }
    settle(delivery, receipt);
  }

  /**
   * A message whose sender vanished: looked up where the channel can, held for a person where it
   * cannot.
   */
  void reconcile(Delivery delivery) {
    Integration integration = integration(delivery).orElse(null);
    String cause = "The server stopped while it was being sent.";
    Sender.Receipt receipt =
        integration == null
            ? new Sender.Receipt.Unknown(cause)
            : lookUp(senders.of(integration.channel()), integration, delivery, cause);
    settleAt(delivery, delivery.progress().fence(), receipt);
  }

  private static Sender.Receipt lookUp(
      Sender sender, Integration integration, Delivery delivery, String cause) {
    return switch (sender.lookUp(integration, outbound(delivery))) {
      case Sender.Found.Arrived(String remoteId) -> new Sender.Receipt.Sent(remoteId);
      case Sender.Found.Absent() -> new Sender.Receipt.Retry(null, cause);
      case Sender.Found.CannotTell() -> new Sender.Receipt.Unknown(cause);
    };
  }

  private static Sender.Outbound outbound(Delivery delivery) {
    Delivery.Message message = delivery.message();
    return new Sender.Outbound(
        message.idemKey(),
        message.address(),
        message.markdown(),
        message.replyTo(),
        message.choices());
  }

  private Optional<Integration> integration(Delivery delivery) {
    IntegrationId id = delivery.integration();
    return id == null ? Optional.empty() : integrations.find(delivery.org(), id);
  }

  private void settle(Delivery delivery, Sender.Receipt receipt) {
    settleAt(delivery, delivery.progress().fence() + 1, receipt);
  }

  private void settleAt(Delivery delivery, long fence, Sender.Receipt receipt) {
    OrgId org = delivery.org();
    int attempts = delivery.progress().attempts() + 1;
    patience.untilStored(
        () ->
            database.write(
                org,
                tx -> {
                  OutboxStore.Settled settled = settled(tx, fence, attempts, receipt);
                  if (OutboxStore.settle(tx, org, delivery.id(), settled)) {
                    record(tx, delivery, receipt, settled);
                  }
                  return settled;
                }));
  }

  private void record(
      Tx tx, Delivery delivery, Sender.Receipt receipt, OutboxStore.Settled settled) {
    OrgId org = delivery.org();
    if (receipt instanceof Sender.Receipt.Moved(String address)) {
      conversations.move(tx, org, delivery.conversation(), address);
      OutboxStore.readdress(tx, org, delivery.conversation(), address);
    }
    if (receipt instanceof Sender.Receipt.Sent(String remoteId)) {
      onSent.accept(tx, new Sent(delivery, remoteId));
    }
    journal.append(
        tx, org, entry(delivery, settled).of(OutboxStore.agent(tx, org, delivery.run())));
  }

  private OutboxStore.Settled settled(Tx tx, long fence, int attempts, Sender.Receipt receipt) {
    long now = tx.now();
    return switch (receipt) {
      case Sender.Receipt.Sent(String remoteId) ->
          new OutboxStore.Settled(fence, Delivery.State.SENT, remoteId, null, now);
      case Sender.Receipt.Failed(String code, String cause) ->
          new OutboxStore.Settled(fence, Delivery.State.FAILED, null, code + ": " + cause, now);
      case Sender.Receipt.Unknown(String cause) ->
          new OutboxStore.Settled(fence, Delivery.State.UNKNOWN, null, cause, now);
      case Sender.Receipt.Moved(String address) ->
          new OutboxStore.Settled(fence, Delivery.State.PENDING, null, "moved to " + address, now);
      case Sender.Receipt.Retry(var after, String cause) ->
          DeliveryRules.spent(attempts)
              ? new OutboxStore.Settled(
                  fence,
                  Delivery.State.FAILED,
                  null,
                  "gave up after " + attempts + ": " + cause,
                  now)
              : new OutboxStore.Settled(
                  fence,
                  Delivery.State.PENDING,
                  null,
                  cause,
                  now + DeliveryRules.pause(attempts, after, random.nextDouble()).toMillis());
    };
  }

  private static JournalEntry entry(Delivery delivery, OutboxStore.Settled settled) {
    String kind =
        settled.state() == Delivery.State.PENDING
            ? "delivery.delayed"
            : "delivery." + settled.state().label();
    ObjectNode data =
        Json.object()
            .put("run", delivery.run() == null ? null : delivery.run().value())
            .put("remote_id", settled.remoteId())
            .put("error", settled.error());
    return new JournalEntry(kind, delivery.id().value(), delivery.conversation(), data);
  }
}
