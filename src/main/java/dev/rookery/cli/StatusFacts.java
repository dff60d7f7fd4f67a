package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What a person wants to know of an organization at a glance, gathered from the API. */
final class StatusFacts {
  private static final int RUNNING = 4;
  private static final int WAKES = 3;
  private static final int FAILED = 50;
  private static final Duration RECENT = Duration.ofHours(24);

  private final Api api;
  private final Instant now;

  StatusFacts(Api api, Instant now) {
    this.api = api;
    this.now = now;
  }

  /** The status of the API, and under names of their own what it does not say. */
  ObjectNode read() {
    ObjectNode facts = (ObjectNode) api.get(Route.of("status"));
    facts.put("failed_today", failedToday());
    facts.set("running", running(facts.path("runs").path("running").asInt()));
    facts.set("workers", workers());
    facts.set("next_wakes", wakes());
    String day =
        now.atZone(ZoneOffset.UTC)
            .toLocalDate()
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant()
            .toString();
    facts.set("spend_today", api.get(Route.of("spend").with("from", day)).path("total"));
    facts.set("budgets", api.get(Route.of("budgets")).path("items"));
    return facts;
  }

  private int failedToday() {
    JsonNode failed = api.get(Route.of("runs").with("state", "failed").with("limit", FAILED));
    Instant since = now.minus(RECENT);
    return (int)
        items(failed).stream()
            .filter(run -> Ages.parse(run.path("finished_at").asText("")).isAfter(since))
            .count();
  }

  private ArrayNode running(int count) {
    ArrayNode running = Json.mapper().createArrayNode();
    if (count == 0) {
      return running;
    }
    Map<String, String> handles = handles();
    JsonNode page = api.get(Route.of("runs").with("state", "running").with("limit", RUNNING));
    for (JsonNode run : page.path("items")) {
      String agent = run.path("agent").asText();
      ObjectNode one =
          Json.object()
              .put("id", run.path("id").asText())
              .put("agent", handles.getOrDefault(agent, agent))
              .put("conversation", run.path("conversation").asText())
              .put("since", run.path("started_at").asText(""))
              .put("doing", doing(run));
      running.add(one);
    }
    return running;
  }

  private Map<String, String> handles() {
    Map<String, String> handles = new HashMap<>();
    for (JsonNode agent : api.get(Route.of("agents").with("limit", 200)).path("items")) {
      handles.put(agent.path("id").asText(), agent.path("handle").asText());
    }
    return handles;
  }

  /** The step that a run is at. */
  private String doing(JsonNode run) {
    JsonNode steps = api.get(Route.of("runs/{}", run.path("id").asText())).path("steps");
    JsonNode last = steps.path(steps.size() - 1);
    return switch (last.path("kind").asText()) {
      case "model" -> "asks " + last.path("name").asText();
      case "tool" -> "uses " + last.path("name").asText();
      case "reply" -> "replies";
      default -> "begins";
    };
  }

  /** Empty on a server that knows no workers. */
  private JsonNode workers() {
    try {
      return api.get(Route.of("workers").with("state", "active")).path("items");
    } catch (CliFailure failure) {
      if (failure.exitCode() == Exit.NOT_FOUND || failure.exitCode() == Exit.USAGE) {
        return Json.mapper().createArrayNode();
      }
      throw failure;
    }
  }

  private ArrayNode wakes() {
    ArrayNode wakes = Json.mapper().createArrayNode();
    items(api.get(Route.of("schedules"))).stream()
        .filter(schedule -> !schedule.path("next_run_at").asText("").isEmpty())
        .filter(schedule -> !schedule.path("next_run_at").isNull())
        .sorted(Comparator.comparing(schedule -> schedule.path("next_run_at").asText()))
        .limit(WAKES)
        .forEach(wakes::add);
    return wakes;
  }

  private static List<JsonNode> items(JsonNode page) {
    return StreamSupport.stream(page.path("items").spliterator(), false).toList();
  }
}
