package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbox;
import dev.rookery.integrations.Integration;
import dev.rookery.journal.JournalRecord;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.store.Together;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The main job, end to end: a Telegram message becomes a durable run and exactly one reply. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FirstLightIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private final TestNode node =
      TestNode.scripted(
          """
          version: 1
          rules:
            - when: {user_text: {contains: "what time"}}
              then: {tool_calls: [{tool: current_time, arguments: {zone: "Europe/Berlin"}}]}
            - when: {tool_result: {tool: current_time}}
              then: {text: "It is **late**."}
            - then: {text: "You said: {{last_user_text}}"}
          """);
  private final Agent rook = node.agent("rook");
  private final Integration bot = node.bot(rook);

  @AfterAll
  void close() {
    node.close();
  }

  @Test
  void a_message_becomes_one_run_and_one_reply() {
    long person = 501;
    ObjectNode update = node.updates().privateText(person, "hello there");

    List<Inbox.Answer> answers = Together.on(10, _ -> node.deliver(bot, update));

    assertThat(answers).allMatch(a -> a.status() == 200);
    assertThat(answers.stream().filter(a -> !a.accepted().getFirst().duplicate())).hasSize(1);
    var event = answers.getFirst().accepted().getFirst().event();
    node.await(r -> r.entry().kind().equals("delivery.sent") && conversation(r, person));
    List<Activation> activations = node.house().activations.ofEvent(node.org(), event);
    assertThat(activations)
        .extracting(Activation::decision)
        .containsExactlyInAnyOrder("woke", "skipped");
    Activation woke =
        activations.stream().filter(a -> a.decision().equals("woke")).findFirst().orElseThrow();
    Run run = node.house().runs.find(node.org(), Objects.requireNonNull(woke.run()));
    assertThat(run.status().state()).isEqualTo(RunState.DONE);
    assertThat(node.botApi().messages(person))
        .singleElement()
        .satisfies(m -> assertThat(m.text()).isEqualTo("You said: hello there"));
    assertThat(node.house().artifacts.ofRun(node.org(), run.id()))
        .singleElement()
        .satisfies(a -> assertThat(a.remoteId()).isNotBlank());
  }

  private static boolean conversation(JournalRecord r, long person) {
    return String.valueOf(r.entry().conversation()).endsWith(":" + person);
  }

  @Test
  void clear_is_answered_by_rookery_and_starts_afresh() {
    ObjectNode update = node.updates().command("/clear");

    Inbox.Answer answer = node.deliver(bot, update);

    var event = answer.accepted().getFirst().event();
    node.botApi().awaitMessages(1, PATIENCE);
    node.await(r -> r.entry().kind().equals("delivery.sent"));
    assertThat(node.house().activations.ofEvent(node.org(), event)).isEmpty();
  }
}
