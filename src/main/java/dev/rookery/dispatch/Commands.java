package dev.rookery.dispatch;

import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.store.Tx;

/** Slash commands that Rookery answers itself, without waking an agent. */
final class Commands {
  private final Conversations conversations;
  private final Outbox outbox;

  Commands(Conversations conversations, Outbox outbox) {
    this.conversations = conversations;
    this.outbox = outbox;
  }

  /** Whether the event was such a command; it is then answered in the same transaction. */
  boolean handled(Tx tx, Event event) {
    Inbound what = event.what();
    String command = what.content().command();
    if (command == null || !what.content().addressed() || !what.type().equals("command")) {
      return false;
    }
    return switch (command) {
      case "start" ->
          answer(
              tx,
              event,
              "Hello! Write to me and I will answer here. Send /clear to start a new conversation.");
      case "clear" -> {
        conversations.clear(tx, event.org(), what.place().conversationKey());
        yield answer(
            tx,
            event,
            "Done: I start afresh. What was said before stays on record, but I do not see it any more.");
      }
      default -> false;
    };
  }

  private boolean answer(Tx tx, Event event, String text) {
    String conversation = event.what().place().conversationKey();
    String key = event.id() + ":command";
    outbox.say(
        tx,
        event.org(),
        new Outbox.Said(conversation, null, key, text, event.what().origin().remoteId()));
    return true;
  }
}
