package dev.rookery.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.inbox.Conversation;
import dev.rookery.inbox.Conversations;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.DeliveryId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Where things are said. A message is queued by the transaction that decided to say it, so that it
 * is said if and only if that decision stands. In conversations inside Rookery, being queued is
 * being delivered.
 */
public final class Outbox {
  private final Conversations conversations;
  private final Senders senders;
  private final Journal journal;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  public Outbox(Conversations conversations, Senders senders, Journal journal) {
    this.conversations = conversations;
    this.senders = senders;
    this.journal = journal;
  }

  /**
   * Something to say.
   *
   * @param key idempotency key, unique in the organization: the same key again says nothing
   * @param replyTo remote id of the message that it answers
   * @param choices offered with the last piece, where the channel has buttons
   */
  public record Said(
      String conversation,
      @Nullable RunId run,
      String key,
      String markdown,
      @Nullable String replyTo,
      List<Choice> choices) {
    public Said {
      choices = List.copyOf(choices);
    }

    public Said(
        String conversation,
        @Nullable RunId run,
        String key,
        String markdown,
        @Nullable String replyTo) {
      this(conversation, run, key, markdown, replyTo, List.of());
    }
  }

  /** Queues it, cut into the pieces that the channel takes. */
  public void say(Tx tx, OrgId org, Said said) {
    Conversation conversation =
        conversations
            .find(tx, org, said.conversation())
            .orElseThrow(() -> new IllegalStateException("no conversation " + said.conversation()));
    String channel = conversation.channel();
    List<String> parts =
        channel == null ? List.of(said.markdown()) : senders.of(channel).split(said.markdown());
    for (int i = 0; i < parts.size(); i++) {
      queue(tx, org, said, conversation, new Part(i + 1, parts.size(), parts.get(i)));
    }
    tx.afterCommit(() -> listeners.forEach(Runnable::run));
  }

  private record Part(int number, int of, String markdown) {}

  private void queue(Tx tx, OrgId org, Said said, Conversation conversation, Part part) {
    DeliveryId id = DeliveryId.next();
    boolean local = conversation.channel() == null;
    String key = part.of() == 1 ? said.key() : said.key() + "#" + part.number();
    Delivery delivery =
        new Delivery(
            id,
            org,
            said.conversation(),
            conversation.integration(),
            said.run(),
            new Delivery.Message(
                key,
                conversation.address(),
                part.markdown(),
                part.number() == 1 ? said.replyTo() : null,
                part.number() == part.of() ? said.choices() : List.of()),
            new Delivery.Progress(
                local ? Delivery.State.SENT : Delivery.State.PENDING,
                0,
                0,
                local ? id.value() : null,
                null,
                tx.now(),
                0));
    if (OutboxStore.insert(tx, org, delivery)) {
      ObjectNode data = data(id, said, part, local);
      journal.append(
          tx,
          org,
          new JournalEntry(
                  local ? "delivery.sent" : "delivery.queued",
                  id.value(),
                  said.conversation(),
                  data)
              .of(OutboxStore.agent(tx, org, said.run())));
    }
  }

  private static ObjectNode data(DeliveryId id, Said said, Part part, boolean local) {
    ObjectNode data =
        Json.object()
            .put("delivery", id.value())
            .put("part", part.number())
            .put("of", part.of())
            .put("run", said.run() == null ? null : said.run().value());
    return local ? data.put("text", part.markdown()).put("remote_id", id.value()) : data;
  }

  /** Called after each commit that queued something; must be quick. */
  public void onQueued(Runnable listener) {
    listeners.add(listener);
  }
}
