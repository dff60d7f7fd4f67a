package dev.rookery.approvals;

import dev.rookery.delivery.Choice;
import dev.rookery.delivery.Outbox;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.Text;
import java.util.List;

/** What the conversation is told about a request. */
final class Wording {
  private static final int SHOWN = 2_500;

  private Wording() {}

  static Outbox.Said question(Approval approval, String conversation) {
    String preview = Text.brief(approval.asked().preview(), SHOWN);
    boolean cut = preview.length() < approval.asked().preview().length();
    boolean elsewhere = !conversation.equals(approval.subject().conversation());
    String text =
        (elsewhere ? "In `" + approval.subject().conversation() + "`: " : "")
            + "I would like to use `"
            + approval.call().tool()
            + "`, and need a person's permission: "
            + approval.asked().why()
            + "\n\n"
            + fenced(preview)
            + (cut ? "\n\n(There is more of it; see the command below.)" : "")
            + "\n\nDecide with the buttons, or with `rookery approvals show "
            + approval.id()
            + "`.";
    return new Outbox.Said(
        conversation,
        approval.subject().run(),
        approval.id() + ":question",
        text,
        null,
        choices(approval.id()));
  }

  private static List<Choice> choices(ApprovalId id) {
    return List.of(
        new Choice("Allow once", ChatAnswer.spelled(id, new Answer.AllowOnce())),
        new Choice("Always for this", ChatAnswer.spelled(id, new Answer.AllowAlways())),
        new Choice("Deny", ChatAnswer.spelled(id, new Answer.Deny(""))));
  }

  static Outbox.Said patience(Approval approval) {
    return new Outbox.Said(
        approval.subject().conversation(),
        approval.subject().run(),
        approval.id() + ":patience",
        "I have asked for permission to use `"
            + approval.call().tool()
            + "`, and go on when it is answered.",
        null,
        List.of());
  }

  static Outbox.Said expired(Approval approval) {
    return new Outbox.Said(
        approval.subject().conversation(),
        approval.subject().run(),
        approval.id() + ":expired",
        "Nobody answered in time, so I do not use `" + approval.call().tool() + "`.",
        null,
        List.of());
  }

  /** A fence longer than any run of backticks inside, so that nothing in it can end it early. */
  private static String fenced(String text) {
    int longest = 2;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    String fence = "`".repeat(longest + 1);
    return fence + "\n" + text + "\n" + fence;
  }
}
