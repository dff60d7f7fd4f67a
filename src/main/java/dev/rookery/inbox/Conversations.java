package dev.rookery.inbox;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;

/** The front door to conversations. */
public final class Conversations {
  private final Database database;

  public Conversations(Database database) {
    this.database = database;
  }

  /** Makes the conversation of an event known, inside the transaction that dispatches it. */
  public void note(Tx tx, OrgId org, Inbound inbound) {
    ConversationStore.note(tx, org, inbound);
  }

  public Optional<Conversation> find(Tx tx, OrgId org, String key) {
    return ConversationStore.find(tx, org, key);
  }

  /** Newest first. */
  public List<Conversation> list(OrgId org, int limit) {
    return database.read(org, tx -> ConversationStore.list(tx, org, limit));
  }

  /** Hides what was said so far from the model. Nothing is deleted. */
  public void clear(Tx tx, OrgId org, String key) {
    ConversationStore.clear(tx, org, key);
  }

  /** The channel gave the place a new address. Its key, and so its history, stays. */
  public void move(Tx tx, OrgId org, String key, String address) {
    ConversationStore.move(tx, org, key, address);
  }
}
