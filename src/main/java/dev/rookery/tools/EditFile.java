package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ToolSpec;
import dev.rookery.tools.EditRules.Edit;
import dev.rookery.tools.EditRules.Edited;

/** Built in: replaces exact text in a file. */
public final class EditFile implements FileTool {
  public static final String NAME = "edit_file";
  private static final int MAX_SIZE = 32 << 20;
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Replaces exact text in a file of your home directory and answers with a unified diff. The"
              + " old text must occur exactly once, so give enough of the lines around it; or say"
              + " replace_all.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false,
               "required": ["path", "old_text", "new_text"], "properties": {
                "path": {"type": "string",
                  "description": "below your home directory, such as notes/today.md"},
                "old_text": {"type": "string", "minLength": 1,
                  "description": "exactly as in the file, without the line numbers of read_file"},
                "new_text": {"type": "string", "description": "what stands there afterwards"},
                "replace_all": {"type": "boolean",
                  "description": "every place where the old text occurs; false when left out"}}}
              """));

  private final Homes homes;
  private final FileChanges changes;

  EditFile(Homes homes, FileChanges changes) {
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

  @SuppressWarnings("ArrayRecordComponent")
  private record Change(byte[] before, byte[] after) {}

  /**
   * @throws Refusal {@code edit-impossible}, with a sentence for the model
   */
  private Change change(HomeFiles files, JsonNode arguments) {
    HomeFiles.Slice slice = files.read(path(arguments), 0, MAX_SIZE);
    if (slice.more()) {
      throw new Refusal(
          Refusal.Kind.TOO_LARGE,
          "file-too-large",
          "The file is larger than " + MAX_SIZE + " bytes; edit it with a command instead.");
    }
    Edit edit =
        new Edit(
            arguments.path("old_text").asText(),
            arguments.path("new_text").asText(),
            arguments.path("replace_all").asBoolean());
    return switch (EditRules.apply(slice.bytes(), edit)) {
      case Edited.Done(var bytes, _) -> new Change(slice.bytes(), bytes);
      case Edited.Refused(var why) ->
          throw new Refusal(Refusal.Kind.CONFLICT, "edit-impossible", why);
    };
  }

  @Override
  public String preview(Call call) {
    try {
      return diff(call, change(files(call.caller()), call.arguments()));
    } catch (Refusal e) {
      return "This edit would fail: " + e.getMessage() + "\n" + Json.pretty(call.arguments());
    }
  }

  private String diff(Call call, Change change) {
    return Diff.unified(
        path(call.arguments()), Diff.text(change.before()), Diff.text(change.after()));
  }

  @Override
  public String run(HomeFiles files, Call call) {
    Change change = change(files, call.arguments());
    changes.write(files, call, path(call.arguments()), change.after());
    return diff(call, change);
  }

  @Override
  public Found lookUp(Call call) {
    return changes.lookUp(
        files(call.caller()), call, "The edit of '" + path(call.arguments()) + "' is done.");
  }
}
