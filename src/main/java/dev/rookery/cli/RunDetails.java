package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.Set;
import java.util.function.Function;

/** What the journal does not say about the steps of a run: read when it is asked for. */
final class RunDetails {
  private static final Set<String> OVER = Set.of("done", "failed", "unknown", "skipped");

  private final Function<String, JsonNode> read;
  private String run = "";
  private JsonNode detail = Json.object();

  /**
   * @param read a run by its id, as the API shows it
   */
  RunDetails(Function<String, JsonNode> read) {
    this.read = read;
  }

  static ObjectNode params(String run) {
    return Json.object().put("id", run);
  }

  /**
   * A step by its number; missing when it cannot be read.
   *
   * @param over whether it is over by now
   */
  JsonNode step(String of, int seq, boolean over) {
    JsonNode known = run.equals(of) ? find(seq) : MissingNode.getInstance();
    if (known.isMissingNode() || (over && !OVER.contains(known.path("state").asText()))) {
      try {
        detail = read.apply(of);
      } catch (CliFailure _) {
        // Only the details are missing then; what happened is in the journal.
        return MissingNode.getInstance();
      }
      run = of;
      known = find(seq);
    }
    return known;
  }

  private JsonNode find(int seq) {
    for (JsonNode step : detail.path("steps")) {
      if (step.path("seq").asInt() == seq) {
        return step;
      }
    }
    return MissingNode.getInstance();
  }
}
