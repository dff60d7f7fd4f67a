package dev.rookery.tools;

import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.homes.LinePage;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;

/** Built in: reads a text file by lines. */
public record ReadFile(Homes homes) implements FileTool {
  public static final String NAME = "read_file";
  private static final int LINES = 2_000;
  private static final String BOM = "\uFEFF";
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Reads a text file of your home directory. Each line comes with its number and a tab; they"
              + " are not part of the file. Long files come in parts: go on with offset. Of a binary"
              + " file only its size and hash are told.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["path"], "properties": {
                "path": {"type": "string",
                  "description": "below your home directory, such as notes/today.md"},
                "offset": {"type": "integer", "minimum": 1,
                  "description": "number of the first line; 1 when left out"},
                "limit": {"type": "integer", "minimum": 1, "maximum": 10000,
                  "description": "at most so many lines; 2000 when left out"}}}
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
  public String run(HomeFiles files, Call call) {
    String path = path(call.arguments());
    long first = Math.max(1, call.arguments().path("offset").asLong(1));
    int count = call.arguments().path("limit").asInt(LINES);
    LinePage page = files.lines(path, first, count);
    if (page.binary()) {
      return "A binary file of %d bytes, SHA-256 %s.".formatted(page.size(), files.sha256(path));
    }
    if (page.lines().isEmpty()) {
      return page.size() == 0
          ? "The file is empty."
          : "The file has fewer than %d lines.".formatted(first);
    }
    StringBuilder text = new StringBuilder();
    long number = first;
    for (String line : page.lines()) {
      String shown = number == 1 && line.startsWith(BOM) ? line.substring(1) : line;
      text.append("%6d\t%s\n".formatted(number++, shown));
    }
    if (page.more()) {
      text.append("[The file goes on; read on with offset %d.]".formatted(number));
    }
    return text.toString();
  }
}
