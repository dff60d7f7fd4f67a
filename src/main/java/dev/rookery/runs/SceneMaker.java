package dev.rookery.runs;

import dev.rookery.agents.Agent;
import dev.rookery.agents.Agents;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ModelChoice;
import dev.rookery.models.ModelMessage;
import dev.rookery.models.Models;
import dev.rookery.orgs.Org;
import dev.rookery.orgs.Orgs;
import dev.rookery.policy.Grants;
import dev.rookery.sandbox.SandboxProvider;
import dev.rookery.store.Database;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.Tx;
import dev.rookery.tools.Tool;
import dev.rookery.tools.Tools;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the scene of a claimed run: its agent, model, tools and the conversation so far. */
final class SceneMaker {
  private static final Logger log = LoggerFactory.getLogger(SceneMaker.class);
  private static final int PAST_TURNS = 30;
  private static final int MAX_MODEL_CALLS = 50;

  private final Database database;
  private final Rooms rooms;
  private final IdempotencyKeys keys;

  /** Where a scene comes from. */
  record Rooms(
      Orgs orgs,
      Agents agents,
      Models models,
      Tools tools,
      Grants grants,
      SandboxProvider sandboxes) {}

  SceneMaker(Database database, Rooms rooms, IdempotencyKeys keys) {
    this.database = database;
    this.rooms = rooms;
    this.keys = keys;
  }

  /** Null when the run cannot be played; it is failed with the cause then. */
  RunInterpreter.@Nullable Scene scene(Run run, RunLog runLog) {
    try {
      return made(run, runLog);
    } catch (StorageUnavailable | LeaseLost e) {
      throw e;
    } catch (RuntimeException e) {
      log.error("run {} cannot be played because of a bug; it is closed", run.id(), e);
      runLog.fail(FailureReason.BUG, e.getClass().getSimpleName() + " (see the server's log)");
      return null;
    }
  }

  private RunInterpreter.@Nullable Scene made(Run run, RunLog runLog) {
    Agent agent = rooms.agents().require(run.org(), run.agent().value());
    ModelChoice choice;
    try {
      choice =
          rooms
              .models()
              .choose(agent.model(), rooms.orgs().find(run.org()).map(Org::model).orElse(null));
    } catch (Refusal refusal) {
      runLog.fail(FailureReason.MODEL_AUTH, refusal.getMessage());
      return null;
    }
    List<Tool> tools = tools(run);
    List<List<ModelMessage>> past = database.read(run.org(), tx -> past(tx, run, runLog));
    Prompt prompt =
        new Prompt(
            system(agent),
            tools.stream().map(Tool::spec).toList(),
            past,
            rooms.models().contextWindow(choice));
    return new RunInterpreter.Scene(
        rooms.models(),
        choice,
        prompt,
        tools,
        rooms.grants(),
        rooms.sandboxes(),
        keys,
        MAX_MODEL_CALLS);
  }

  /** What a run is not offered, it cannot call: a call of it is refused as unknown. */
  private List<Tool> tools(Run run) {
    return rooms.tools().forAgent(run.org(), run.agent()).stream()
        .filter(tool -> run.origin().sees(tool.spec().name()))
        .toList();
  }

  /** Nothing in it changes between turns, so that providers can cache it. */
  private static String system(Agent agent) {
    return "You are "
        + agent.name()
        + " (@"
        + agent.handle()
        + "), an agent that people write to in a chat. Answer in their language, in Markdown."
        + " If no answer is needed, answer with exactly [NO_REPLY].\n\n"
        + agent.instructions();
  }

  private static List<List<ModelMessage>> past(Tx tx, Run run, RunLog runLog) {
    OrgId org = run.org();
    List<List<ModelMessage>> turns = new ArrayList<>();
    Run first = first(tx, run);
    MessageStore.Earlier earlier =
        new MessageStore.Earlier(first.conversation(), run.agent(), first.id(), PAST_TURNS);
    for (MessageStore.PastRun earlierRun : MessageStore.earlierRuns(tx, org, earlier).reversed()) {
      List<ModelMessage> turn = Prompt.turn(MessageStore.list(tx, org, earlierRun.id()));
      if (!turn.isEmpty()) {
        turns.add(turn);
        runLog.inherit(earlierRun.taint());
      }
    }
    return turns;
  }

  /** What repeats a run sees the past that the run saw, and not the run itself as a part of it. */
  private static Run first(Tx tx, Run run) {
    Run first = run;
    Run.Rerun rerun = first.origin().rerun();
    while (rerun != null) {
      first = RunStore.find(tx, run.org(), rerun.of()).orElseThrow();
      rerun = first.origin().rerun();
    }
    return first;
  }
}
