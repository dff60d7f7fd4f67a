package dev.rookery.workers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agent;
import dev.rookery.agents.Agents;
import dev.rookery.delivery.Artifact;
import dev.rookery.delivery.Artifacts;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import dev.rookery.store.Tx;
import java.util.List;

/** What a parent is told of its workers (spec 02, workers): summary, artifacts, errors. */
final class Envelope {
  /** Characters of all summaries together, well below what a model is shown of one answer. */
  private static final int MOST = 40_000;

  private static final int ARTIFACTS = 20;

  private Envelope() {}

  static ObjectNode of(Tx tx, Artifacts artifacts, List<Worker> workers) {
    return of(tx, artifacts, workers, MOST / Math.max(1, workers.size()));
  }

  /**
   * @param each characters of a summary
   */
  static ObjectNode of(Tx tx, Artifacts artifacts, List<Worker> workers, int each) {
    ObjectNode json = Json.object();
    ArrayNode array = json.putArray("workers");
    workers.forEach(worker -> array.add(of(tx, artifacts, worker, each)));
    return json;
  }

  private static ObjectNode of(Tx tx, Artifacts artifacts, Worker worker, int most) {
    Worker.Standing standing = worker.standing();
    ObjectNode json =
        Json.object()
            .put("id", worker.id().value())
            .put("name", worker.order().name())
            .put(
                "agent",
                Agents.find(tx, worker.org(), worker.order().agent())
                    .map(Agent::handle)
                    .orElse(worker.order().agent().value()))
            .put("state", standing.state().label());
    String summary = standing.summary();
    json.put("summary", summary == null ? null : Text.brief(summary, most));
    ArrayNode made = json.putArray("artifacts");
    if (!worker.active()) {
      artifacts.ofRun(tx, worker.org(), worker.id()).stream()
          .limit(ARTIFACTS)
          .forEach(artifact -> made.add(of(artifact)));
    }
    ArrayNode errors = json.putArray("errors");
    if (standing.cause() != null) {
      errors.add(Text.brief(standing.cause(), 2_000));
    }
    return json;
  }

  private static ObjectNode of(Artifact artifact) {
    return Json.object()
        .put("id", artifact.id().value())
        .put("kind", artifact.kind())
        .put("name", artifact.name())
        .put("size", artifact.size());
  }
}
