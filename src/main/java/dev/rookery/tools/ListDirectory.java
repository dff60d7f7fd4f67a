package dev.rookery.tools;

import dev.rookery.homes.FileInfo;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;
import java.util.stream.Collectors;

/** Built in: lists a directory. */
public record ListDirectory(Homes homes) implements FileTool {
  public static final String NAME = "list_directory";
  private static final int ENTRIES = 500;
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Lists a directory of your home, by name: permissions, size in bytes, when it was changed"
              + " (UTC), path. To look for files use glob.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "properties": {
                "path": {"type": "string",
                  "description": "below your home directory; the home itself when left out"}}}
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
    HomeFiles.Listing listing = files.list(path(call.arguments()), ENTRIES);
    if (listing.entries().isEmpty()) {
      return "The directory is empty.";
    }
    String lines =
        listing.entries().stream().map(ListDirectory::line).collect(Collectors.joining("\n"));
    return listing.more() ? lines + "\n[Only the first %d are shown.]".formatted(ENTRIES) : lines;
  }

  private static String line(FileInfo file) {
    String end = file.isDirectory() ? "/" : file.target() == null ? "" : " -> " + file.target();
    return "%s%s %10d %s %s%s"
        .formatted(
            mark(file.kind()), file.permissions(), file.size(), file.modified(), file.path(), end);
  }

  private static char mark(String kind) {
    return switch (kind) {
      case "directory" -> 'd';
      case "symlink" -> 'l';
      case "file" -> '-';
      default -> '?';
    };
  }
}
