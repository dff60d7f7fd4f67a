package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;

/** What the running server says about itself. */
final class ServerChecks {
  private final Api api;

  ServerChecks(Api api) {
    this.api = api;
  }

  Finding reachable() {
    String url = api.address().url();
    int status = api.probe(Route.outside("/health/live"));
    return status == 200
        ? Finding.ok("server", "It answers at " + url + ".")
        : Finding.fail(
            "server",
            "%s answers %d to /health/live.".formatted(url, status),
            "Is that a Rookery server? Name the right one with --server.");
  }

  Finding ready() {
    int status = api.probe(Route.outside("/health/ready"));
    return status == 200
        ? Finding.ok("database", "The server writes to its database, and its loops are alive.")
        : Finding.fail(
            "database",
            "The server is not ready (%d from /health/ready).".formatted(status),
            "Look at the server's log: its database cannot be written, or a loop ended.");
  }

  /** The key first: what follows needs it. */
  List<Finding> inside() {
    JsonNode status;
    try {
      status = api.get(Route.of("status"));
    } catch (CliFailure failure) {
      return List.of(
          Finding.fail(
              "api-key", failure.text(), "Set ROOKERY_API_KEY to a key that is valid here."));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok("api-key", "It is valid for " + Output.text(status.path("org"), "name") + "."));
    findings.add(model(status.path("model")));
    findings.add(leftovers(status));
    findings.add(audit());
    for (JsonNode integration : status.path("integrations")) {
      findings.add(integration(integration));
    }
    return findings;
  }

  private static Finding model(JsonNode model) {
    String sentence = Output.text(model, "sentence");
    if (model.has("ready") && !model.path("ready").asBoolean()) {
      return Finding.fail("model", sentence, "Set what it names for the server, then restart it.");
    }
    return model.path("scripted").asBoolean()
        ? Finding.warn(
            "model",
            sentence,
            "Start the server with ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENROUTER_API_KEY.")
        : Finding.ok("model", sentence);
  }

  private static Finding leftovers(JsonNode status) {
    int waiting = status.path("runs").path("waiting_permission").asInt();
    int unknown = status.path("deliveries").path("unknown").asInt();
    int dead = status.path("dead_letters").asInt();
    String what =
        "%d runs wait for a person, %d deliveries are unknown, %d events are dead letters."
            .formatted(waiting, unknown, dead);
    return waiting + unknown + dead == 0
        ? Finding.ok("work", "Nothing waits for a person.")
        : Finding.warn("work", what, "See: " + Program.name() + " status");
  }

  /** Whether anybody changed what the audit log says. */
  private Finding audit() {
    try {
      JsonNode found = api.get(Route.of("audit/verification"));
      return found.path("ok").asBoolean()
          ? Finding.ok(
              "audit", "The chain is verified up to record " + Output.text(found, "seq") + ".")
          : Finding.fail(
              "audit",
              Output.text(found, "problem"),
              "Keep the database as it is, compare it with its backups, and find out who could"
                  + " write to it.");
    } catch (CliFailure failure) {
      return failure.exitCode() == Exit.AUTH
          ? Finding.info("audit", "Only an admin's key may verify it.")
          : Finding.warn("audit", failure.text(), "See: " + Program.name() + " audit verify");
    }
  }

  private Finding integration(JsonNode integration) {
    String id = integration.path("id").asText();
    String name = "integration " + integration.path("name").asText(id);
    if (!integration.path("enabled").asBoolean(true)) {
      return Finding.info(name, "It is switched off.");
    }
    String next = "See: %s integrations test %s".formatted(Program.name(), id);
    try {
      JsonNode result = api.post(Route.of("integrations/{}/test", id), Json.object());
      return result.path("ok").asBoolean()
          ? Finding.ok(name, "The other side answers.")
          : Finding.fail(name, Output.text(result, "problem"), next);
    } catch (CliFailure failure) {
      return Finding.fail(name, failure.text(), next);
    }
  }
}
