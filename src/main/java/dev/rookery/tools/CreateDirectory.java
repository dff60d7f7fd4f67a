package dev.rookery.tools;

import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Taint;

/** Built in: makes a directory. */
public record CreateDirectory(Homes homes) implements FileTool {
  public static final String NAME = "create_directory";
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Makes a directory in your home, with those above it. write_file makes directories by"
              + " itself.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["path"], "properties": {
                "path": {"type": "string",
                  "description": "below your home directory, such as projects/site"}}}
              """));

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  /** A directory that is there already is left as it is: again is the same as once. */
  @Override
  public EffectClass effectClass() {
    return EffectClass.KEYED;
  }

  @Override
  public boolean writes() {
    return true;
  }

  @Override
  public Taint taint(Caller caller) {
    return Taint.NONE;
  }

  @Override
  public String preview(Call call) {
    return "Makes the directory " + path(call.arguments());
  }

  @Override
  public String run(HomeFiles files, Call call) {
    String path = path(call.arguments());
    return files.makeDirectory(path)
        ? "Made the directory '" + path + "'."
        : "The directory '" + path + "' is there already.";
  }
}
