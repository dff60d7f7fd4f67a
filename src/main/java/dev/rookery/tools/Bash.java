package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Demand;
import dev.rookery.policy.Taint;
import dev.rookery.sandbox.BackgroundTask;
import dev.rookery.sandbox.BackgroundTasks;
import dev.rookery.sandbox.Command;
import dev.rookery.sandbox.Exec;
import dev.rookery.sandbox.Outcome;
import dev.rookery.sandbox.OutputTail;
import dev.rookery.sandbox.Recorded;
import dev.rookery.sandbox.SandboxProvider;
import dev.rookery.sandbox.StepRef;
import dev.rookery.sandbox.confinement.Limits;
import dev.rookery.sandbox.confinement.Network;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Built in: runs a command line in the agent's sandbox. */
public final class Bash implements Tool {
  public static final String NAME = "bash";

  /** What the model sees of the output, in bytes; the whole is in the step's record. */
  static final int SHOWN = 64 << 10;

  private static final String SESSION = "main";
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Runs a bash command line in your own sandbox and answers with its output and exit code."
              + " A session keeps directory, exported variables, functions and aliases from one"
              + " command to the next. Background jobs (&) end with the command; for what shall go"
              + " on, set background and look at it with background_read.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["command"], "properties": {
                "command": {"type": "string", "minLength": 1, "maxLength": 1000000},
                "session": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$",
                  "description": "name of the shell session; main when left out"},
                "cwd": {"type": "string", "minLength": 1, "maxLength": 4000,
                  "description": "where to start, below your home or absolute"},
                "timeout_s": {"type": "integer", "minimum": 1, "maximum": 86400,
                  "description": "300 when left out; a day in the background"},
                "background": {"type": "boolean",
                  "description": "start it, answer at once, and let it outlive this run"}}}
              """));

  private final SandboxProvider sandboxes;
  private final BackgroundTasks tasks;
  private final Ways ways;

  /** What the commands of an agent reach. */
  public interface Ways {
    Network of(Caller caller);

    /** Whether that is any place at all, rather than those that an operator listed. */
    boolean anywhere(Caller caller);
  }

  public Bash(SandboxProvider sandboxes, BackgroundTasks tasks, Ways ways) {
    this.sandboxes = sandboxes;
    this.tasks = tasks;
    this.ways = ways;
  }

  @Override
  public boolean staysInside(Caller caller) {
    return !ways.anywhere(caller);
  }

  /** Files of the home are not everybody's; what a command fetched is a stranger's. */
  @Override
  public Taint taint(Caller caller) {
    return ways.of(caller).equals(Network.OFF) ? Taint.CONFIDENTIAL : Taint.BOTH;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public EffectClass effectClass() {
    return EffectClass.SANDBOX;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SHELL_RUN);
  }

  @Override
  public List<Demand> demands(JsonNode arguments) {
    return List.of(new Demand.Command(arguments.path("command").asText()));
  }

  @Override
  public String preview(Call call) {
    JsonNode arguments = call.arguments();
    StringBuilder preview = new StringBuilder(arguments.path("command").asText());
    for (String name : List.of("cwd", "session", "timeout_s", "background")) {
      if (arguments.has(name)) {
        preview.append("\n[").append(name).append(": ").append(arguments.path(name).asText());
        preview.append(']');
      }
    }
    return preview.toString();
  }

  @Override
  public ToolResult call(Call call) {
    try {
      return background(call) ? start(call) : run(call);
    } catch (Refusal refusal) {
      return ToolResult.error(refusal.getMessage() + " [" + refusal.code() + "]");
    }
  }

  private ToolResult start(Call call) {
    Caller caller = call.caller();
    BackgroundTask task = tasks.start(caller.org(), caller.agent(), exec(call));
    return started(task);
  }

  private static ToolResult started(BackgroundTask task) {
    return ToolResult.ok(
        "Started as " + task.id() + ". Read it with background_read, end it with background_stop.");
  }

  private ToolResult run(Call call) {
    Caller caller = call.caller();
    OutputTail tail = new OutputTail(SHOWN);
    Outcome outcome =
        sandboxes.ensure(caller.org(), caller.agent()).exec(exec(call), tail, call.cancellation());
    return switch (outcome) {
      case Outcome.Exit(int code) -> ended(tail.text(), code, null);
      case Outcome.Killed(var why, var detail) -> ended(tail.text(), why.code(), detail);
      case Outcome.LostContact(var detail) ->
          throw new OutcomeUnknown("The command may still run: " + detail + ".");
    };
  }

  private Exec exec(Call call) {
    JsonNode arguments = call.arguments();
    Caller caller = call.caller();
    boolean background = background(call);
    Duration usual = background ? Limits.LONGEST : Limits.USUAL.timeout();
    Duration timeout = Duration.ofSeconds(arguments.path("timeout_s").asLong(usual.toSeconds()));
    String session = background ? null : arguments.path("session").asText(SESSION);
    return Exec.of(new Command.Shell(arguments.path("command").asText()))
        .in(session, arguments.path("cwd").asText(null))
        .with(Limits.USUAL.withTimeout(timeout))
        .with(ways.of(caller))
        .with(step(caller));
  }

  private static boolean background(Call call) {
    return call.arguments().path("background").asBoolean(false);
  }

  private static StepRef step(Caller caller) {
    return new StepRef(caller.run(), caller.step(), caller.fence());
  }

  /** A code other than 0 is no error of the tool: many programs tell something by it. */
  private static ToolResult ended(String output, int code, @Nullable String why) {
    String text = output.isEmpty() || output.endsWith("\n") ? output : output + "\n";
    String last = "[exit code " + code + (why == null ? "" : ": ended, " + why) + "]";
    return why == null ? ToolResult.ok(text + last) : ToolResult.error(text + last);
  }

  /**
   * By the exit code that the command's shell recorded. A record is absent also when the command
   * was under way as the server died, so absence says nothing.
   */
  @Override
  public Found lookUp(Call call) {
    Caller caller = call.caller();
    if (background(call)) {
      BackgroundTask task = tasks.ofStep(caller.org(), step(caller));
      return task == null ? new Found.Absent() : new Found.Happened(started(task));
    }
    try {
      Recorded recorded =
          sandboxes.ensure(caller.org(), caller.agent()).lookUp(step(caller), SHOWN);
      return recorded == null
          ? new Found.CannotTell()
          : new Found.Happened(
              ended(
                  recorded.output().text()
                      + "[The server was restarted; the end of the output may be missing.]\n",
                  recorded.code(),
                  recorded.why()));
    } catch (Refusal refusal) {
      return new Found.CannotTell();
    }
  }
}
