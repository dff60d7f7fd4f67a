package dev.rookery.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.Rookery;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server says when it is ready, within one screen.
 *
 * @param setupLink null when there is an owner
 * @param usualDir whether the data directory needs no naming in commands
 */
record Banner(
    String url, @Nullable String setupLink, Rookery.Described described, boolean usualDir) {

  List<String> lines(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add(
        style.paint("Rookery " + Program.version() + " is ready", Style.Tone.GOOD) + " at " + url);
    lines.add("");
    lines.add("  data directory  " + described.dataDir());
    lines.add("  database        " + Glyphs.line(described.database()));
    lines.add(
        "  model           "
            + style.paint(
                Glyphs.line(described.model()),
                described.scripted() ? Style.Tone.WARN : Style.Tone.PLAIN));
    lines.add("  sandbox         " + Glyphs.line(described.sandbox()));
    if (setupLink != null) {
      lines.add("");
      lines.add("Open this once to become the owner (valid for one use):");
      lines.add("  " + setupLink);
    }
    lines.add("");
    lines.add("Next, in another terminal:");
    next().forEach(command -> lines.add("  " + command));
    lines.add("");
    lines.add("Ctrl-C stops the server; what it was doing goes on at the next start.");
    return lines;
  }

  private List<String> next() {
    String program = Program.name() + (usualDir ? "" : " --data-dir=" + described.dataDir());
    return List.of(
        program + " agents create rook --instructions 'Answer briefly.'",
        program + " chat rook",
        program + " integrations create telegram --agent rook");
  }

  ObjectNode json() {
    return Json.object()
        .put("id", described.node())
        .put("url", url)
        .put("setup_link", setupLink)
        .put("data_dir", described.dataDir().toString())
        .put("database", described.database())
        .put("model", described.model())
        .put("sandbox", described.sandbox())
        .put("scripted", described.scripted())
        .put("node", described.node())
        .put("pid", ProcessHandle.current().pid());
  }
}
