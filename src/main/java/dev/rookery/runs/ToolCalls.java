package dev.rookery.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ModelMessage;
import dev.rookery.policy.Action;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Taint;
import dev.rookery.secrets.Redactor;
import dev.rookery.tools.Arguments;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tool calls of one claimed run: through the gate, performed, and after a crash finished as
 * their effect class allows. Methods say whether the run goes on here.
 */
final class ToolCalls {
  private static final Logger log = LoggerFactory.getLogger(ToolCalls.class);
  private static final int MAX_ATTEMPTS_OF_A_CALL = 3;

  private final RunLog runLog;
  private final ToolSteps toolSteps;
  private final RunInterpreter.Scene scene;
  private final Boundary.Probe probe;
  private final RunInterpreter.Control control;
  private boolean attested;

  ToolCalls(
      RunLog runLog,
      RunInterpreter.Scene scene,
      Boundary.Probe probe,
      RunInterpreter.Control control) {
    this.runLog = runLog;
    this.toolSteps = new ToolSteps(runLog, scene.grants());
    this.scene = scene;
    this.probe = probe;
    this.control = control;
  }

  boolean act(Step step) {
    Tool tool = find(step.name());
    if (tool == null) {
      toolSteps.refuse(step, unknown(step.name()));
      return true;
    }
    JsonNode arguments = Json.parse(step.body().request());
    String violations = Arguments.violations(tool, arguments);
    if (!violations.isEmpty()) {
      toolSteps.refuse(step, "The arguments do not fit the tool's schema: " + violations);
      return true;
    }
    try {
      Action action =
          new Action(
              step.name(),
              tool.capabilities(),
              tool.demands(caller(step), arguments),
              tool.staysInside(caller(step), arguments));
      return atTheGate(step, tool, action);
    } catch (Refusal refusal) {
      toolSteps.refuse(step, "The call was not made: " + refusal.getMessage());
      return true;
    }
  }

  private boolean atTheGate(Step step, Tool tool, Action action) {
    ToolSteps.Passage passage = toolSteps.pass(step, action, null);
    if (passage instanceof ToolSteps.Passage.NeedsPreview) {
      passage = toolSteps.pass(step, action, tool.preview(call(step)));
    }
    return switch (passage) {
      case ToolSteps.Passage.Started(Step started) -> {
        probe.reached(Boundary.TOOL_STARTED, step.name());
        yield perform(started, tool);
      }
      case ToolSteps.Passage.Refused _, ToolSteps.Passage.Changed _ -> true;
      case ToolSteps.Passage.NeedsPreview() -> true;
      case ToolSteps.Passage.Waiting() -> {
        probe.reached(Boundary.APPROVAL_ASKED, step.name());
        yield false;
      }
    };
  }

  private String unknown(String name) {
    List<String> names = scene.tools().stream().map(t -> t.spec().name()).sorted().toList();
    return ("There is no tool '"
        + name
        + "' that you may use. "
        + (names.isEmpty() ? "You have no tools." : "You have: " + String.join(", ", names) + "."));
  }

  /** Before the first command of a run: what its sandbox is worth, looked at from inside. */
  private void attest(Step step) {
    if (step.effect() != EffectClass.SANDBOX || attested) {
      return;
    }
    attested = true;
    Run run = runLog.run();
    try {
      toolSteps.attest(
          Json.write(scene.sandboxes().ensure(run.org(), run.agent()).attest().json()));
    } catch (Refusal refusal) {
      log.warn("run {} has no sandbox, and is told so: {}", run.id(), refusal.getMessage());
    }
  }

  private boolean perform(Step step, Tool tool) {
    Tool.ToolResult result;
    attest(step);
    // Nothing is read between the effect and its record, which outlasts an outage of the database.
    Incoming incoming = incoming(step, tool);
    try {
      result = tool.call(call(step));
    } catch (Tool.OutcomeUnknown unknown) {
      return recoverBy(step, RunMachine.recovery(step.effect()), unknown.getMessage());
    }
    probe.reached(Boundary.TOOL_PERFORMED, step.name());
    if (tool.defers() && !result.error()) {
      return look(step, tool, "It was begun, but there is no trace of it.", true);
    }
    finish(step, tool, result, incoming);
    probe.reached(Boundary.TOOL_FINISHED, step.name());
    return true;
  }

  /** What a result brings in, and what is taken out of it. */
  private record Incoming(Taint taint, Redactor redactor) {
    Tool.ToolResult redacted(Tool.ToolResult result) {
      return new Tool.ToolResult(redactor.text(result.text()), result.error());
    }
  }

  /** What was redacted on its way in, a command or a decoder may have put together again. */
  private Incoming incoming(Step step, Tool tool) {
    Taint taint = tool.taint(call(step));
    return new Incoming(
        taint,
        taint.equals(Taint.NONE)
            ? Redactor.NONE
            : runLog.ground().guards().secrets().redactor(runLog.org()));
  }

  private void finish(Step step, Tool tool, Tool.ToolResult result, Incoming incoming) {
    Tool.ToolResult shown = Shown.of(incoming.redacted(result));
    if (changedByPerson(step)) {
      String note = "[A person changed the arguments to " + step.body().request() + "]\n";
      shown = new Tool.ToolResult(note + shown.text(), shown.error());
    }
    toolSteps.finish(step, shown, incoming.taint(), readsHome(tool));
  }

  private static boolean readsHome(Tool tool) {
    return tool.capabilities().contains(Capability.FS_READ)
        || tool.capabilities().contains(Capability.FS_WRITE)
        || tool.capabilities().contains(Capability.SHELL_RUN);
  }

  /** The model is told, or it would believe that it got what it asked for. */
  private boolean changedByPerson(Step step) {
    for (ModelMessage message : runLog.messages().reversed()) {
      if (message instanceof ModelMessage.Assistant(_, var calls)) {
        return calls.stream()
            .filter(call -> call.id().equals(step.callId()))
            .anyMatch(call -> !Json.canonical(call.arguments()).equals(step.body().request()));
      }
    }
    return false;
  }

  private Tool.Call call(Step step) {
    return new Tool.Call(
        caller(step), Json.parse(step.body().request()), step.body().idemKey(), control.signal());
  }

  private Tool.Caller caller(Step step) {
    Run run = runLog.run();
    return new Tool.Caller(
        run.org(), run.agent(), run.id(), step.seq(), run.conversation(), run.lease().fence());
  }

  boolean recoverBy(Step step, Next.Recovery how, String cause) {
    Tool tool = find(step.name());
    return switch (how) {
      case UNKNOWN -> ask(step, cause);
      case RUN_AGAIN -> tool == null ? ask(step, cause) : again(step, tool, cause);
      case LOOK_THEN_RUN -> tool == null ? ask(step, cause) : look(step, tool, cause, true);
      case LOOK_ELSE_UNKNOWN -> tool == null ? ask(step, cause) : look(step, tool, cause, false);
    };
  }

  private boolean look(Step step, Tool tool, String cause, boolean absentMeansRun) {
    return switch (tool.lookUp(call(step))) {
      case Tool.Found.Happened(var result) -> {
        finish(step, tool, result, incoming(step, tool));
        yield true;
      }
      case Tool.Found.Absent() -> absentMeansRun ? again(step, tool, cause) : ask(step, cause);
      case Tool.Found.CannotTell() -> ask(step, cause);
      case Tool.Found.Pending pending -> {
        toolSteps.await(pending);
        probe.reached(Boundary.CHILDREN_AWAITED, step.name());
        yield false;
      }
    };
  }

  private boolean again(Step step, Tool tool, String cause) {
    if (step.attempts() >= MAX_ATTEMPTS_OF_A_CALL && !step.effect().equals(EffectClass.PURE)) {
      return ask(step, cause);
    }
    if (step.attempts() >= MAX_ATTEMPTS_OF_A_CALL) {
      Tool.ToolResult result =
          Tool.ToolResult.error("Tried " + step.attempts() + " times: " + cause);
      finish(step, tool, result, incoming(step, tool));
      return true;
    }
    Step started = toolSteps.startAgain(step);
    probe.reached(Boundary.TOOL_STARTED, step.name());
    return perform(started, tool);
  }

  boolean ask(Step step, String detail) {
    toolSteps.awaitPerson(step, detail, FailureNotice.question(runLog.run(), step, detail));
    return false;
  }

  @Nullable Tool find(String name) {
    for (Tool tool : scene.tools()) {
      if (tool.spec().name().equals(name)) {
        return tool;
      }
    }
    return null;
  }
}
