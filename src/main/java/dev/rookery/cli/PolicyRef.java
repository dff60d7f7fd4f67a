package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Which activation policy is meant: by id, by {@code agent/name}, or by a name that is unique. */
final class PolicyRef {
  @Parameters(
      index = "0",
      paramLabel = "<policy>",
      description = "Id, agent/name, or a name that only one policy has.")
  private String given = "";

  /** Its id. Names are looked up on the server. */
  String id(Context context) {
    if (given.startsWith("pol_")) {
      return given;
    }
    int slash = given.indexOf('/');
    Route route =
        slash > 0
            ? Route.of("agents/{}/policies", given.substring(0, slash))
            : Route.of("policies");
    String name = given.substring(slash + 1);
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode policy : context.api().get(route).path("items")) {
      if (policy.path("name").asText().equals(name)) {
        found.add(policy);
      }
    }
    if (found.size() > 1) {
      throw CliFailure.usage(
          "%d agents have a policy '%s'. Say which: %s/%s, or its id."
              .formatted(found.size(), name, Output.text(found.getFirst(), "agent"), name));
    }
    if (found.isEmpty()) {
      throw new CliFailure(
          Exit.NOT_FOUND,
          "There is no policy '%s'. List them with: %s policies list"
              .formatted(given, Program.name()));
    }
    return found.getFirst().path("id").asText();
  }

  Route route(Context context, String below) {
    return Route.of("policies/{}" + below, id(context));
  }
}
