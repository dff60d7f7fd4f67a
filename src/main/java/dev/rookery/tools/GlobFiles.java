package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.homes.Search;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;

/** Built in: finds files by name. */
public record GlobFiles(Homes homes) implements FileTool {
  public static final String NAME = "glob";
  private static final int PATHS = 500;
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Finds files of your home by name, sorted. * and ? stand for characters of one name, **/ for"
              + " any directories, {a,b} for one of several: **/*.md finds every Markdown file.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["pattern"],
               "properties": {
                "pattern": {"type": "string", "minLength": 1, "maxLength": 1000,
                  "description": "relative to path, such as **/*.md or src/*.{c,h}"},
                "path": {"type": "string",
                  "description": "directory to begin at; the home itself when left out"},
                "everywhere": {"type": "boolean",
                  "description": "also in .git, node_modules and .rookery; false when left out"}}}
              """));

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public EffectClass effectClass() {
    return EffectClass.PURE;
  }

  @Override
  public boolean writes() {
    return false;
  }

  @Override
  public boolean wholeTree() {
    return true;
  }

  /** Where the search begins, which the pattern may move. */
  @Override
  public String path(JsonNode arguments) {
    return query(arguments, Bounds.NONE).start();
  }

  private static Search.Names query(JsonNode arguments, Search.Bounds bounds) {
    return new Search.Names(
        arguments.path("pattern").asText(), arguments.path("path").asText("."), bounds);
  }

  @Override
  public String run(HomeFiles files, Call call) {
    Search.Result result = files.glob(query(call.arguments(), Bounds.of(call, PATHS)));
    String text = result.lines().isEmpty() ? "No file matches." : String.join("\n", result.lines());
    return FileTool.withNotes(text, result.notes());
  }
}
