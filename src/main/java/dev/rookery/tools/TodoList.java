package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Taint;
import java.util.Set;

/** Built in: the agent's list of what to do in a conversation. */
public final class TodoList implements Tool {
  public static final String NAME = "todo";
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Keeps your list of what to do in this conversation, also between runs. With items it"
              + " becomes exactly those, so give the whole list each time; without, it is shown.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "properties": {
                "items": {"type": "array", "maxItems": 100, "description": "the whole list, in order",
                  "items": {"type": "object", "additionalProperties": false, "required": ["text"],
                    "properties": {
                      "text": {"type": "string", "minLength": 1, "maxLength": 500},
                      "status": {"type": "string", "enum": ["pending", "in_progress", "done"],
                        "description": "pending when left out"}}}}}}
              """));

  private final Todos todos;

  TodoList(Todos todos) {
    this.todos = todos;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  /** The same list again is the same list. */
  @Override
  public EffectClass effectClass() {
    return EffectClass.KEYED;
  }

  @Override
  public Taint taint(Caller caller) {
    return Taint.CONFIDENTIAL;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.FS_WRITE);
  }

  @Override
  public String preview(Call call) {
    return Todos.text(Todos.items(call.arguments().path("items")));
  }

  @Override
  public ToolResult call(Call call) {
    Todos.Key key = Todos.Key.of(call.caller());
    JsonNode items = call.arguments().path("items");
    if (items.isArray()) {
      todos.replace(key, items);
    }
    return ToolResult.ok(Todos.text(todos.show(key)));
  }
}
