package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.homes.Checkpoint;
import dev.rookery.homes.Checkpoints;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Taint;

/** Built in: keeps a copy of the home. */
public record SaveCheckpoint(Homes homes, Checkpoints checkpoints) implements FileTool {
  public static final String NAME = "checkpoint";
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Keeps a copy of your whole home directory outside of it, to go back to with restore. Do it"
              + " before changes that are hard to undo.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 100,
                  "description": "says what it is, such as before the refactoring"}}}
              """));

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public EffectClass effectClass() {
    return EffectClass.RECONCILABLE;
  }

  @Override
  public boolean writes() {
    return false;
  }

  @Override
  public boolean wholeTree() {
    return true;
  }

  @Override
  public Taint taint(Caller caller) {
    return Taint.NONE;
  }

  @Override
  public String path(JsonNode arguments) {
    return ".";
  }

  @Override
  public String run(HomeFiles files, Call call) {
    Caller caller = call.caller();
    Checkpoint made =
        checkpoints.create(caller.org(), caller.agent(), call.arguments().path("name").asText());
    return "Checkpoint %s '%s': %d files, %d bytes."
        .formatted(made.id(), made.name(), made.files(), made.size());
  }

  /** A copy that is made twice does no harm; one that is missing might. */
  @Override
  public Found lookUp(Call call) {
    return new Found.Absent();
  }
}
