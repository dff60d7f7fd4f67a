package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.homes.Checkpoint;
import dev.rookery.homes.Checkpoints;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Taint;

/** Built in: makes the home what it was. */
public record RestoreCheckpoint(Homes homes, Checkpoints checkpoints) implements FileTool {
  public static final String NAME = "restore";
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Makes your whole home directory what it was at a checkpoint and ends every command that"
              + " runs. What it is now is kept as another checkpoint first.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["checkpoint"],
               "properties": {"checkpoint": {"type": "string", "minLength": 1, "maxLength": 100,
                  "description": "name or id of the checkpoint"}}}
              """));

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  /** Again would throw away what was done since. */
  @Override
  public EffectClass effectClass() {
    return EffectClass.UNSAFE;
  }

  @Override
  public boolean writes() {
    return true;
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

  private Checkpoint meant(Call call) {
    Caller caller = call.caller();
    return checkpoints.named(
        caller.org(), caller.agent(), call.arguments().path("checkpoint").asText());
  }

  @Override
  public String preview(Call call) {
    Checkpoint checkpoint = meant(call);
    return "Replaces the whole home directory by checkpoint %s '%s' (%d files)."
        .formatted(checkpoint.id(), checkpoint.name(), checkpoint.files());
  }

  @Override
  public String run(HomeFiles files, Call call) {
    Checkpoint meant = meant(call);
    Checkpoints.Restored done =
        checkpoints.restore(call.caller().org(), call.caller().agent(), meant.id().value());
    return "The home is what it was at '%s'; what it was before is checkpoint %s."
        .formatted(meant.name(), done.backup().id());
  }
}
