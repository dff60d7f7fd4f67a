package dev.rookery.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.Colony;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound.Actor;
import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A policy may let its runs see fewer tools than its agent is granted. */
@BothEngines
final class NarrowedToolsIT {
  private static final Actor ADA = new Actor(Actor.Kind.PERSON, "42", "Ada", 0);
  private static final String CURIOUS =
      """
      version: 1
      rules:
        - when: {tool_result: {tool: current_time}}
          then: {text: "I heard: {{tool_result}}"}
        - then: {tool_calls: [{tool: current_time, arguments: {}}]}
      """;

  private final Colony colony;
  private final Agent rook;
  private final Room room;

  NarrowedToolsIT(TestDatabase db) {
    this.colony = Colony.scripted(db.database(), CURIOUS).dispatching();
    this.rook = colony.agent("rook");
    this.room = new Room(colony);
    colony.rule(rook, Verdict.ALLOW, "current_time");
    colony.rule(rook, Verdict.ALLOW, "todo");
  }

  @AfterEach
  void close() {
    colony.close();
  }

  /** Whether the run was refused the tool that its model wanted. */
  private boolean refused(RunId run) {
    colony.until("the call is over", () -> calls(run).size() == 1);
    return calls(run).getFirst().path("failed").asBoolean();
  }

  private List<JsonNode> calls(RunId run) {
    return colony.journal(run).stream()
        .map(JournalRecord::entry)
        .filter(entry -> entry.kind().equals("step.finished"))
        .map(JournalEntry::data)
        .filter(data -> data.path("name").asText().equals("current_time"))
        .toList();
  }

  @Test
  void its_runs_see_what_it_names_and_no_other_tool() {
    String policy =
        "{'name':'%s','trigger':'event','filter':{'field':'type','op':'eq','value':'%s'},'tool_ids':[%s]}";
    var _ = room.policy(rook, policy.formatted("narrow", "deploy", "'todo'"));
    var _ = room.policy(rook, policy.formatted("wide", "alarm", ""));
    colony.working();

    EventId deploy = room.say("ops", ADA, "deploy", "What time is it?");
    EventId alarm = room.say("alarms", ADA, "alarm", "What time is it?");

    assertThat(refused(colony.runOf(deploy))).isTrue();
    assertThat(refused(colony.runOf(alarm))).isFalse();
  }

  @Test
  void its_lines_never_join_a_run_that_sees_more() {
    var _ = room.policy(rook, "{'name':'wide','trigger':'always'}");
    var _ =
        room.policy(
            rook,
            "{'name':'narrow','trigger':'event','filter':{'field':'type','op':'eq','value':'deploy'},'tool_ids':['todo']}");

    RunId wide = colony.runOf(room.say("ops", ADA, "message", "hello"));
    RunId narrow = colony.runOf(room.say("ops", ADA, "deploy", "What time is it?"));

    assertThat(narrow).isNotEqualTo(wide);
  }
}
