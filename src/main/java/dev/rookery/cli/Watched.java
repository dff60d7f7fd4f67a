package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What part of the journal is watched. */
final class Watched {
  @Option(names = "--conversation", paramLabel = "<key>", description = "Of one conversation.")
  private @Nullable String conversation;

  @Option(names = "--run", paramLabel = "<run>", description = "Of one run.")
  private @Nullable String run;

  @Option(names = "--agent", paramLabel = "<agent>", description = "Of one agent: handle or id.")
  private @Nullable String agent;

  /** As {@code connect} takes it; null is everything. */
  @Nullable ObjectNode scope() {
    if (conversation != null) {
      return Json.object().put("conversation", conversation);
    }
    if (run != null) {
      return Json.object().put("run", run);
    }
    return agent == null ? null : Json.object().put("agent", agent);
  }

  /** The same, told from records of everything. */
  Predicate<JsonNode> filter(Api api) {
    if (conversation != null) {
      return record -> record.path("conversation").asText("").equals(conversation);
    }
    if (run != null) {
      return record -> runOf(record).equals(run);
    }
    if (agent == null) {
      return _ -> true;
    }
    String id = api.get(Route.of("agents/{}", agent)).path("id").asText();
    return record -> record.path("agent").asText("").equals(id);
  }

  /** The run that a record is about or names; empty when there is none. */
  static String runOf(JsonNode record) {
    String subject = record.path("subject").asText("");
    return subject.startsWith("run_") ? subject : record.path("data").path("run").asText("");
  }
}
