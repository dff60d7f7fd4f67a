package dev.rookery.workers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Taint;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.util.Set;
import java.util.function.Supplier;

/** Built in: gives tasks to workers, which are runs of their own, side by side. */
public final class DelegateTool implements Tool {
  public static final String NAME = "delegate";

  private static final String SCHEMA =
      """
      {"type": "object", "additionalProperties": false, "required": ["tasks"], "properties": {
        "tasks": {"type": "array", "minItems": 1, "maxItems": 100, "items": {
          "type": "object", "additionalProperties": false, "required": ["task"], "properties": {
            "task": {"type": "string", "minLength": 1, "maxLength": 20000,
              "description": "What to do. Say all that is needed; the worker sees nothing of this conversation."},
            "name": {"type": "string", "minLength": 1, "maxLength": 60, "description": "Short, for people."},
            "agent": {"type": "string", "minLength": 1, "maxLength": 60, "description": "Handle of the agent that does it; you, if not given."},
            "tools": {"type": "array", "maxItems": 100, "items": {"type": "string", "maxLength": 100},
              "description": "The only tools it may use, of yours; all of yours, if not given."},
            "budget_usd": {"type": "number", "minimum": 0, "maximum": 1000000, "description": "The most that it may spend, with all that it delegates."},
            "deadline_minutes": {"type": "integer", "minimum": 1, "maximum": 10080}}}},
        "wait": {"type": "boolean", "description": "true (default): the answer holds the results. false: the answer comes at once, and each result later, as a message."}}}
      """;
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Gives tasks to workers, which do them side by side, and returns {workers: [{id, name, agent,"
              + " state, summary, artifacts, errors}]} in the order of the tasks.",
          Json.parse(SCHEMA));

  private final Supplier<Workers> workers;

  /**
   * @param workers asked for when it is called, since runs are built after tools
   */
  public DelegateTool(Supplier<Workers> workers) {
    this.workers = workers;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  /** Its workers are known by run and step: looking for them tells whether it happened. */
  @Override
  public EffectClass effectClass() {
    return EffectClass.RECONCILABLE;
  }

  @Override
  public boolean defers() {
    return true;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.DELEGATE);
  }

  /**
   * What a worker of the same agent is told, the run held before, and the worker holds from then.
   */
  @Override
  public boolean staysInside(Caller caller, JsonNode arguments) {
    for (JsonNode task : arguments.path("tasks")) {
      if (task.hasNonNull("agent")) {
        return false;
      }
    }
    return true;
  }

  /** A worker holds from the start what its parent does, and what it brings back is its own. */
  @Override
  public Taint taint(Call call) {
    return workers.get().taint(call.caller());
  }

  @Override
  public ToolResult call(Call call) {
    JsonNode wish = call.arguments();
    try {
      workers.get().start(call.caller(), Task.all(wish), !wish.path("wait").asBoolean(true));
      return ToolResult.ok("");
    } catch (Refusal refusal) {
      return ToolResult.error(refusal.getMessage() + " [" + refusal.code() + "]");
    }
  }

  @Override
  public Found lookUp(Call call) {
    return workers.get().lookUp(call.caller());
  }
}
