package dev.rookery.dispatch;

import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.approvals.ChatAnswer;
import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Tx;
import java.util.List;

/**
 * What people choose with a button. Only members decide on requests for permission, and who pressed
 * is what the channel vouches for, never what the button says.
 */
final class Choices {
  private final Approvals approvals;
  private final Outbox outbox;

  Choices(Approvals approvals, Outbox outbox) {
    this.approvals = approvals;
    this.outbox = outbox;
  }

  /** Whether the event was such a choice; it is then answered in the same transaction. */
  boolean handled(Tx tx, Event event) {
    String choice = event.what().choice();
    if (choice.isEmpty()) {
      return false;
    }
    ChatAnswer.parse(choice).ifPresent(answer -> decide(tx, event, answer));
    return true;
  }

  private void decide(Tx tx, Event event, ChatAnswer chosen) {
    Inbound.Actor actor = event.what().actor();
    if (actor.kind() != Inbound.Actor.Kind.MEMBER) {
      String key = chosen.approval() + ":not-a-member:" + actor.id();
      say(
          tx,
          event,
          key,
          "Only members can decide this, and "
              + actor.name()
              + " is not listed as one. An administrator adds a person with `rookery integrations"
              + " member`.");
      return;
    }
    String by = event.what().origin().source() + ":" + actor.id() + " (" + actor.name() + ")";
    try {
      Approval decided =
          approvals.answer(
              tx, event.org(), chosen.approval(), chosen.answer(), new Approvals.Voice(null, by));
      say(tx, event, decided.id() + ":answered", sentence(decided, actor.name()));
    } catch (Refusal refusal) {
      say(tx, event, event.id() + ":choice", String.valueOf(refusal.getMessage()));
    }
  }

  private static String sentence(Approval decided, String name) {
    Approval.Decision decision = decided.decision();
    String tool = "`" + decided.call().tool() + "`";
    if (decision == null) {
      throw new IllegalStateException(decided.id() + " was answered without a decision");
    }
    return switch (decision.answer()) {
      case Answer.AllowOnce _ -> name + " allowed " + tool + " once.";
      case Answer.AllowAlways _ -> name + " allowed " + tool + " with these arguments from now on.";
      case Answer.Edit _ -> name + " allowed " + tool + " with other arguments.";
      case Answer.Deny _ -> name + " denied " + tool + ".";
    };
  }

  private void say(Tx tx, Event event, String key, String text) {
    outbox.say(
        tx,
        event.org(),
        new Outbox.Said(
            event.what().place().conversationKey(),
            null,
            key,
            text,
            event.what().origin().remoteId(),
            List.of()));
  }
}
