package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.homes.Search;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;

/** Built in: finds lines by their content. */
public record GrepFiles(Homes homes) implements FileTool {
  public static final String NAME = "grep";
  private static final int MATCHES = 100;
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Finds lines in the text files of your home by a regular expression (RE2: no look-around,"
              + " no back-references). Answers path:line:text, and path-line-text for context.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["pattern"],
               "properties": {
                "pattern": {"type": "string", "minLength": 1, "maxLength": 1000,
                  "description": "regular expression, such as TODO|FIXME"},
                "path": {"type": "string",
                  "description": "a file, or a directory to begin at; the home when left out"},
                "include": {"type": "string", "minLength": 1, "maxLength": 1000,
                  "description": "only files that match this glob, such as *.md"},
                "ignore_case": {"type": "boolean", "description": "false when left out"},
                "context": {"type": "integer", "minimum": 0, "maximum": 20,
                  "description": "lines before and after each match; 0 when left out"},
                "limit": {"type": "integer", "minimum": 1, "maximum": 1000,
                  "description": "at most so many matches; 100 when left out"},
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

  @Override
  public String run(HomeFiles files, Call call) {
    JsonNode arguments = call.arguments();
    Search.Result result =
        files.grep(
            new Search.Content(
                arguments.path("pattern").asText(),
                path(arguments),
                arguments.hasNonNull("include") ? arguments.path("include").asText() : null,
                arguments.path("ignore_case").asBoolean(),
                arguments.path("context").asInt(),
                Bounds.of(call, arguments.path("limit").asInt(MATCHES))));
    String text = result.lines().isEmpty() ? "No line matches." : String.join("\n", result.lines());
    return FileTool.withNotes(text, result.notes());
  }
}
