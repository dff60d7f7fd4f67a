package dev.rookery.demo;

import dev.rookery.demo.Findings.Crash;
import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.demo.LocalBotApi.Button;
import dev.rookery.demo.LocalBotApi.Message;
import dev.rookery.kernel.Json;
import java.util.List;

/**
 * A call that waits for a person, who answers with a button after the server was killed; a stranger
 * presses it first.
 */
final class ApprovalChapter {
  private static final String ONCE = ":once";

  private final Stage stage;

  ApprovalChapter(Stage stage) {
    this.stage = stage;
  }

  /**
   * What is counted later.
   *
   * @param lastBeforeKill number of the journal's last entry of the server that asked
   */
  record Seen(long lastBeforeKill, Crash crash) {}

  Seen play() throws InterruptedException {
    stage.section(
        "An approval that is answered after a restart",
        "The call waits for a person, not in memory; who presses is what the channel vouches for.");
    openDesk();
    stage.send(HandsStory.REFUND);
    Entry asked =
        stage.await(
            entry -> entry.is("approval.requested") && entry.in(HandsStory.REFUND),
            "the request for permission");
    stage.await("delivery.sent", HandsStory.MORNING, 1);
    stage.await("delivery.sent", HandsStory.REFUND, 1);
    stage.journal().catchUp();
    long last = stage.journal().entries().getLast().seq();
    int code = stage.killAndStart(() -> {});
    stage.fact("approval", "is " + state(asked) + " after the restart, for whoever answers");
    Crash crash = new Crash(code, stage.age().toMillis());
    press(HandsStory.STRANGER, "who is no member");
    stage.await("delivery.sent", HandsStory.MORNING, 2);
    stage.fact("approval", "is still " + state(asked) + "; " + refunds());
    press(HandsStory.MEMBER, "who is a member");
    stage.answered(HandsStory.REFUND);
    stage.await("delivery.sent", HandsStory.REFUND, 2);
    stage.fact("ledger", refunds());
    press(HandsStory.MEMBER, "once more");
    stage.await("event.accepted", HandsStory.MORNING, 4);
    return new Seen(last, crash);
  }

  /** Requests go to the group of those who decide; a person of it becomes a member. */
  private void openDesk() throws InterruptedException {
    stage.send(HandsStory.MORNING);
    Entry event =
        stage.await(
            entry -> entry.is("event.accepted") && entry.in(HandsStory.MORNING),
            "the event of " + HandsStory.MORNING.name());
    stage
        .api()
        .put("/api/v1/approval-desk", Json.object().put("conversation", event.conversation()));
    stage.desk().member(stage.api(), HandsStory.MEMBER.id());
    stage.fact(
        "rule", "ask before " + HandsStory.PERMITTED + "; requests go to the group Back office");
    stage.restartClock();
  }

  private String state(Entry asked) throws InterruptedException {
    return stage.api().get("/api/v1/approvals/" + asked.subject()).path("state").asText();
  }

  private String refunds() {
    return Evidence.tools(stage.ledger()).stream()
        .filter(use -> use.name().equals(HandsStory.PERMITTED))
        .map(VerdictRules::used)
        .findFirst()
        .orElse("");
  }

  private void press(SampleUpdates.Presser who, String what) {
    Message question = question();
    Button button =
        stage.bot().buttons(question).stream()
            .filter(b -> b.data().endsWith(ONCE))
            .findFirst()
            .orElseThrow(() -> new DemoFailure("The request has no button that allows once."));
    int status =
        stage.desk().deliver(stage.bot(), stage.updates().press(who, question, button.data()));
    stage.fact(
        "button",
        "%s, %s, presses “%s”, answered %d".formatted(who.name(), what, button.text(), status));
  }

  private Message question() {
    List<Message> asked =
        stage.bot().messages(HandsStory.BACK_OFFICE).stream()
            .filter(message -> !stage.bot().buttons(message).isEmpty())
            .toList();
    if (asked.size() != 1) {
      throw new DemoFailure(
          "The group was asked " + asked.size() + " times, not once, for permission.");
    }
    return asked.getFirst();
  }
}
