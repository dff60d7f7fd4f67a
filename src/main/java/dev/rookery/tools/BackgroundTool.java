package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Taint;
import dev.rookery.sandbox.BackgroundTask;
import dev.rookery.sandbox.BackgroundTasks;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Built in: the commands that {@code bash} started in the background, of all runs of the agent. */
public final class BackgroundTool implements Tool {
  private static final JsonNode NOTHING =
      Json.parse("{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {}}");
  private static final JsonNode ONE =
      Json.parse(
          """
          {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {
            "id": {"type": "string", "pattern": "^bgt_[0-9a-f]{32}$"}}}
          """);

  private enum Kind {
    LIST,
    READ,
    STOP
  }

  private final Kind kind;
  private final ToolSpec spec;
  private final BackgroundTasks tasks;

  private BackgroundTool(Kind kind, ToolSpec spec, BackgroundTasks tasks) {
    this.kind = kind;
    this.spec = spec;
    this.tasks = tasks;
  }

  /** {@code background_list}, {@code background_read}, {@code background_stop}. */
  public static List<Tool> all(BackgroundTasks tasks) {
    return List.of(
        new BackgroundTool(
            Kind.LIST,
            new ToolSpec(
                "background_list",
                "Lists your background commands, the newest first, with their state.",
                NOTHING),
            tasks),
        new BackgroundTool(
            Kind.READ,
            new ToolSpec(
                "background_read",
                "Tells the state of a background command and the end of its output so far.",
                ONE),
            tasks),
        new BackgroundTool(
            Kind.STOP,
            new ToolSpec("background_stop", "Ends a background command and all it started.", ONE),
            tasks));
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  /** Stopping what is stopped changes nothing, so each may run again. */
  @Override
  public EffectClass effectClass() {
    return EffectClass.PURE;
  }

  @Override
  public Taint taint(Caller caller) {
    return Taint.CONFIDENTIAL;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(
        switch (kind) {
          case LIST, READ -> Capability.FS_READ;
          case STOP -> Capability.SHELL_RUN;
        });
  }

  @Override
  public boolean staysInside(Caller caller) {
    return true;
  }

  @Override
  public ToolResult call(Call call) {
    Caller caller = call.caller();
    String id = call.arguments().path("id").asText();
    try {
      return ToolResult.ok(
          switch (kind) {
            case LIST -> listed(tasks.list(caller.org(), caller.agent()));
            case READ -> read(caller, tasks.get(caller.org(), caller.agent(), id));
            case STOP -> stopped(tasks.stop(caller.org(), caller.agent(), id));
          });
    } catch (Refusal refusal) {
      return ToolResult.error(refusal.getMessage() + " [" + refusal.code() + "]");
    }
  }

  private static String listed(List<BackgroundTask> all) {
    return all.isEmpty()
        ? "There are no background commands."
        : all.stream().map(task -> Json.write(task.json())).collect(Collectors.joining("\n"));
  }

  private String read(Caller caller, BackgroundTask task) {
    @Nullable Integer recorded = tasks.recordedCode(caller.org(), task);
    String note =
        recorded == null || task.ending().code() != null
            ? ""
            : "\n[its own record says: exit code " + recorded + "]";
    return Json.write(task.json())
        + note
        + "\n"
        + tasks.output(caller.org(), task, Bash.SHOWN).text();
  }

  private static String stopped(BackgroundTask task) {
    return switch (task.state()) {
      case RUNNING -> task.id() + " is being ended; within five seconds it is dead.";
      case DONE, KILLED, LOST -> task.id() + " had ended already: " + task.state().label() + ".";
    };
  }
}
