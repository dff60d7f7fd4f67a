package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Taint;
import java.nio.charset.StandardCharsets;

/** Built in: writes a whole file. */
public final class WriteFile implements FileTool {
  public static final String NAME = "write_file";
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Writes a whole text file in your home directory; directories on the way are made. What was"
              + " in the file is lost; to change a part of it use edit_file.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["path", "content"],
               "properties": {
                "path": {"type": "string",
                  "description": "below your home directory, such as notes/today.md"},
                "content": {"type": "string", "description": "the whole text of the file"},
                "if_exists": {"type": "string", "enum": ["replace", "fail"],
                  "description": "what to do when there is such a file; replace when left out"}}}
              """));

  private final Homes homes;
  private final FileChanges changes;

  WriteFile(Homes homes, FileChanges changes) {
    this.homes = homes;
    this.changes = changes;
  }

  @Override
  public Homes homes() {
    return homes;
  }

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
    return true;
  }

  @Override
  public Taint taint(Caller caller) {
    return Taint.NONE;
  }

  private static byte[] bytes(JsonNode arguments) {
    return arguments.path("content").asText().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String preview(Call call) {
    HomeFiles files = files(call.caller());
    String path = path(call.arguments());
    return Diff.preview(files, path, call.arguments().path("content").asText());
  }

  @Override
  public String run(HomeFiles files, Call call) {
    String path = path(call.arguments());
    if (call.arguments().path("if_exists").asText().equals("fail") && files.exists(path)) {
      throw new Refusal(
          Refusal.Kind.CONFLICT, "file-exists", "There is something at '" + path + "' already.");
    }
    changes.write(files, call, path, bytes(call.arguments()));
    return said(call);
  }

  private String said(Call call) {
    return "Wrote %d bytes to '%s'."
        .formatted(bytes(call.arguments()).length, path(call.arguments()));
  }

  @Override
  public Found lookUp(Call call) {
    return changes.lookUp(files(call.caller()), call, said(call));
  }
}
