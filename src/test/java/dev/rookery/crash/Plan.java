package dev.rookery.crash;

import dev.rookery.kernel.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one child runs: it takes up what an earlier one left, then does the rounds it is told.
 *
 * @param dir data directory
 * @param databaseUrl null for SQLite in the data directory
 * @param env settings of the node
 * @param world where the Bot API and the tools are
 */
record Plan(String dir, @Nullable String databaseUrl, Map<String, String> env, World world) {

  /** What outlives the nodes. */
  record World(String botApi, String tools) {}

  /**
   * Runs that stop at one place, the n-th time they come by; one run per tool.
   *
   * @param boundary of runs; {@code IN_CALL} and {@code SENDING} are stopped from outside
   * @param number unique per database
   */
  record Round(String boundary, int occurrence, int number, List<String> tools) {
    static final String IN_CALL = "IN_CALL";
    static final String SENDING = "SENDING";
    static final String ASKED = "APPROVAL_ASKED";

    /** The line that a person says, which names the effect too. */
    String line(String tool) {
      return "use " + tool + " in round " + number;
    }

    /** A chat of its own for each case. */
    long person(String tool) {
      return 100_000L + number * 100L + tools.indexOf(tool);
    }

    /** Whether its calls need a person's word. */
    boolean asks() {
      return boundary.equals(ASKED);
    }

    /** Whether its calls are commands in a sandbox. */
    boolean inSandbox() {
      return CrashedNode.COMMANDS.containsAll(tools);
    }

    static Round read(String json) {
      return Json.read(json, Round.class);
    }

    @Override
    public String toString() {
      return boundary + (occurrence > 1 ? "#" + occurrence : "") + (inSandbox() ? "+bash" : "");
    }
  }

  String spelled() {
    return Json.write(this);
  }

  static Plan read(String json) {
    return Json.read(json, Plan.class);
  }
}
