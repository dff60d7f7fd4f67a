package dev.rookery.dispatch;

import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.runs.Runs;
import dev.rookery.store.Tx;

/** Slash commands that Rookery obeys itself, without waking an agent. */
final class Commands {
  private final Conversations conversations;
  private final Runs runs;
  private final Outbox outbox;

  Commands(Conversations conversations, Runs runs, Outbox outbox) {
    this.conversations = conversations;
    this.runs = runs;
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
              "Hello! Write to me and I will answer here. Send /clear to start a new conversation, and"
                  + " /stop to stop what I am doing.");
      case "clear" -> {
        conversations.clear(tx, event.org(), what.place().conversationKey());
        yield answer(
            tx,
            event,
            "Done: I start afresh. What was said before stays on record, but I do not see it any more.");
      }
      case "stop" -> stop(tx, event);
      default -> false;
    };
  }

  /** Each run that is stopped says so itself. */
  private boolean stop(Tx tx, Event event) {
    Inbound what = event.what();
    String by = what.actor().name().isBlank() ? what.actor().id() : what.actor().name();
    int stopped =
        runs.cancelConversation(tx, event.org(), what.place().conversationKey(), by + " (/stop)");
    return stopped > 0 || answer(tx, event, "Nothing is running here.");
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
