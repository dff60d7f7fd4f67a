package dev.rookery.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Grant;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is recorded when nobody called the API: agents that arrange things, people in chats. */
@BothEngines
final class ActorsIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "remind me"}}
          then: {tool_calls: [{tool: schedule_create, arguments:
            {name: "reminder", prompt: "Say that it is time.", every: "1h"}}]}
        - when: {tool_result: {tool: schedule_create}}
          then: {text: "{{tool_result}}"}
        - then: {text: "Done."}
      """;

  private final Colony colony;
  private final Agent rook;

  ActorsIT(TestDatabase db) {
    this.colony = Colony.scripted(db.database(), SCRIPT).dispatching();
    this.rook = colony.agent("rook");
    colony.rule(rook, Grant.Verdict.ALLOW, "schedule_*");
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private List<AuditRecord> records() {
    return colony.house().audit.list(colony.org(), Audit.Filter.ALL, new Audit.Page(null, 100));
  }

  @Test
  void an_agent_that_makes_a_schedule_is_recorded_with_its_run_and_for_nothing_else() {
    colony.working();
    Run asked = colony.ask(rook, "chat", "Please remind me.");
    assertThat(asked.status().state()).isEqualTo(RunState.DONE);

    assertThat(records())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.action()).isEqualTo("policy.created");
              assertThat(record.who())
                  .isEqualTo(new AuditRecord.Who("agent", rook.id().value(), asked.id().value()));
              assertThat(record.data()).contains("\"by\":\"agent " + rook.id());
            });
    assertThat(colony.house().audit.verify(colony.org())).isInstanceOf(Verification.Whole.class);
  }

  @Test
  void a_person_who_stops_a_run_from_the_chat_is_recorded_as_the_channel_names_them() {
    RunId run = colony.runOf(colony.tell(rook, "chat", "hello"));
    Inbound line = Colony.line("chat", "/stop");
    colony.accept(
        rook,
        new Inbound(
            line.origin(),
            "command",
            line.dedupeKey(),
            line.place(),
            line.actor(),
            line.occurredAt(),
            new Inbound.Content("/stop", true, "stop", List.of()),
            line.payload()));
    assertThat(colony.over(run).status().state()).isEqualTo(RunState.CANCELLED);

    assertThat(records())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.action()).isEqualTo("run.finished");
              assertThat(record.subject()).isEqualTo(run.value());
              assertThat(record.who()).isEqualTo(new AuditRecord.Who("contact", "test:ada", "Ada"));
            });
  }
}
