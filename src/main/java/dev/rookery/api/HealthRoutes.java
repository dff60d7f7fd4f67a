package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** For load balancers, monitoring and generators of clients. */
final class HealthRoutes {
  private final Readiness readiness;
  private final Metrics metrics;
  private final Supplier<byte[]> document;

  HealthRoutes(Readiness readiness, Metrics metrics, Supplier<byte[]> document) {
    this.readiness = readiness;
    this.metrics = metrics;
    this.document = document;
  }

  void enter(Routes routes) {
    routes
        .get("/health/live")
        .does("Says that the process answers")
        .allows(Access.OPEN)
        .answers(200, "Health")
        .by(_ -> Reply.ok(Json.object().put("status", "ok")));
    routes
        .get("/health/ready")
        .does("Says whether this node can take work; 503 when not")
        .allows(Access.OPEN)
        .answers(200, "Health")
        .by(_ -> ready());
    routes
        .get("/metrics")
        .does("Metrics for Prometheus; no key is needed on the same machine")
        .allows(Access.LOCAL)
        .answers(200, "Text")
        .by(this::metrics);
    routes
        .get("/api/v1/openapi.json")
        .does("This document")
        .allows(Access.OPEN)
        .answers(200, "OpenApi")
        .by(_ -> new Reply(200, Reply.JSON, document.get()));
  }

  private Reply ready() throws InterruptedException {
    List<String> problems = readiness.problems();
    ObjectNode json = Json.object().put("status", problems.isEmpty() ? "ok" : "unavailable");
    var array = json.putArray("problems");
    problems.forEach(array::add);
    return Reply.json(problems.isEmpty() ? 200 : 503, json);
  }

  private Reply metrics(Call call) {
    String text = metrics.scrape(call.principalOrNull());
    return new Reply(200, Metrics.CONTENT_TYPE, text.getBytes(StandardCharsets.UTF_8));
  }
}
