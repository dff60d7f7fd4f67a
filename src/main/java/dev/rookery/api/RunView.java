package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rookery.activation.Activation;
import dev.rookery.delivery.Artifact;
import dev.rookery.delivery.Delivery;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.models.ToolCall;
import dev.rookery.runs.Reruns;
import dev.rookery.runs.Run;
import dev.rookery.runs.Runs;
import dev.rookery.runs.Step;
import dev.rookery.spend.Money;
import dev.rookery.spend.SpendEntry;
import dev.rookery.workers.Worker;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How runs, their steps and messages look in the API. */
final class RunView {
  private RunView() {}

  /** What belongs to a run and lives in other rooms. */
  record Around(
      List<Delivery> deliveries,
      List<Artifact> artifacts,
      List<Activation> activations,
      List<SpendEntry> spending,
      Again again,
      List<Worker> workers) {}

  /**
   * What is copied from another run, and what that run did from there on.
   *
   * @param repeats what may happen again
   */
  record Again(Reruns.Copies copies, List<Step> repeats) {}

  static ObjectNode of(Run run) {
    ObjectNode json = standing(run);
    Run.Rerun rerun = run.origin().rerun();
    for (Run.Rerun.Kind kind : Run.Rerun.Kind.values()) {
      json.put(
          kind.label() + "_of", rerun != null && rerun.kind() == kind ? rerun.of().value() : null);
    }
    return json.put("from_step", rerun == null ? null : rerun.fromStep());
  }

  private static ObjectNode standing(Run run) {
    RunId parent = run.origin().lineage().parent();
    return Json.object()
        .put("id", run.id().value())
        .put("agent", run.agent().value())
        .put("conversation", run.conversation())
        .put("parent", parent == null ? null : parent.value())
        .put("root", run.origin().root().value())
        .put("depth", run.origin().lineage().depth())
        .put("state", run.status().state().label())
        .put("wait_reason", run.status().waitReason())
        .put("failure_reason", run.status().failureReason())
        .put("outcome", run.status().outcome())
        .put("attempts", run.lease().attempts())
        .put("fence", run.lease().fence())
        .put("created_at", Times.of(run.times().created()))
        .put("started_at", Times.of(run.times().started()))
        .put("finished_at", Times.of(run.times().finished()));
  }

  static ObjectNode of(Runs.Detail detail, Around around) {
    ObjectNode json = of(detail.run());
    Reruns.Copies copies = around.again().copies();
    ArrayNode steps = json.putArray("steps");
    detail.steps().forEach(step -> steps.add(of(step, copies)));
    messages(json.putArray("messages"), detail, copies);
    json.set("may_repeat", RerunRoutes.effects(around.again().repeats()));
    json.put("attended", detail.run().origin().attended());
    ArrayNode events = json.putArray("events");
    detail.events().forEach(event -> events.add(event.value()));
    ArrayNode deliveries = json.putArray("deliveries");
    around.deliveries().forEach(delivery -> deliveries.add(DeliveryRoutes.view(delivery)));
    ArrayNode artifacts = json.putArray("artifacts");
    around.artifacts().forEach(artifact -> artifacts.add(of(artifact)));
    ArrayNode activations = json.putArray("activations");
    around.activations().forEach(activation -> activations.add(of(activation)));
    ArrayNode workers = json.putArray("workers");
    around.workers().forEach(worker -> workers.add(WorkerRoutes.view(worker)));
    json.set("sandbox", loose(detail.attestation()));
    json.set("spend", spend(around.spending()));
    return json;
  }

  /** What the calls of the run cost so far, without those it delegated. */
  private static ObjectNode spend(List<SpendEntry> entries) {
    Money actual = Money.ZERO;
    Money reserved = Money.ZERO;
    long input = 0;
    long output = 0;
    boolean estimated = false;
    for (SpendEntry entry : entries) {
      SpendEntry.Cost cost = entry.cost();
      actual = actual.plus(cost.actual());
      if (entry.state() == SpendEntry.State.RESERVED) {
        reserved = reserved.plus(cost.reserved());
      }
      input += cost.usage().input() + cost.usage().cacheRead() + cost.usage().cacheWrite();
      output += cost.usage().output();
      estimated |= cost.estimated();
    }
    ObjectNode json = Json.object().put("calls", entries.size());
    json.put("input_tokens", input).put("output_tokens", output);
    Amounts.put(json, "spent", actual);
    Amounts.put(json, "reserved", reserved);
    return json.put("estimated", estimated);
  }

  private static void messages(ArrayNode array, Runs.Detail detail, Reruns.Copies copies) {
    for (Runs.SeenMessage message : detail.messages()) {
      int seq = array.size() + 1;
      array.add(of(message).put("copied", copies.messages().contains(seq)));
    }
  }

  static ObjectNode of(Runs.SeenStep seen, Reruns.Copies copies) {
    return of(seen).put("copied", copies.steps().contains(seen.step().seq()));
  }

  private static ObjectNode of(Runs.SeenStep seen) {
    Step step = seen.step();
    ObjectNode json =
        Json.object()
            .put("seq", step.seq())
            .put("kind", step.kind().label())
            .put("name", step.name())
            .put("state", step.state().label())
            .put("effect_class", step.effect().name().toLowerCase(Locale.ROOT))
            .put("verdict", seen.verdict())
            .put("attempts", step.attempts());
    json.set("request", loose(step.body().request()));
    json.set("response", loose(step.body().response()));
    json.put("failed", step.body().failed()).put("detail", seen.detail());
    json.set("usage", loose(seen.usage()));
    return json.put("started_at", Times.of(seen.started()))
        .put("finished_at", Times.of(seen.finished()));
  }

  /** JSON as JSON, and text as text. */
  private static @Nullable JsonNode loose(@Nullable String stored) {
    if (stored == null) {
      return null;
    }
    if (!stored.startsWith("{") && !stored.startsWith("[")) {
      return TextNode.valueOf(stored);
    }
    try {
      return Json.parse(stored);
    } catch (Refusal e) {
      return TextNode.valueOf(stored);
    }
  }

  private static ObjectNode of(Runs.SeenMessage seen) {
    return of(seen.message())
        .put("source", seen.from().source())
        .put("trust", seen.from().taint().untrusted() ? "untrusted" : "trusted")
        .put("audience", seen.from().taint().confidential() ? "restricted" : "anyone");
  }

  private static ObjectNode of(ModelMessage message) {
    return switch (message) {
      case ModelMessage.User(var text) -> Json.object().put("role", "user").put("text", text);
      case ModelMessage.Assistant(var text, var calls) -> {
        ObjectNode json = Json.object().put("role", "assistant").put("text", text);
        ArrayNode array = json.putArray("calls");
        calls.forEach(call -> array.add(of(call)));
        yield json;
      }
      case ModelMessage.ToolAnswer(var callId, var tool, var text, var error) ->
          Json.object()
              .put("role", "tool")
              .put("call_id", callId)
              .put("tool", tool)
              .put("text", text)
              .put("error", error);
    };
  }

  private static ObjectNode of(ToolCall call) {
    ObjectNode json = Json.object().put("id", call.id()).put("tool", call.tool());
    json.set("arguments", call.arguments());
    return json;
  }

  static ObjectNode of(Artifact artifact) {
    return Json.object()
        .put("id", artifact.id().value())
        .put("kind", artifact.kind())
        .put("name", artifact.name())
        .put("media_type", artifact.mediaType())
        .put("size", artifact.size())
        .put("sha256", artifact.sha256())
        .put("remote_id", artifact.remoteId())
        .put("at", Times.of(artifact.at()));
  }

  static ObjectNode of(Activation activation) {
    return Json.object()
        .put("id", activation.id().value())
        .put("event", activation.event().value())
        .put("agent", activation.agent().value())
        .put("policy", activation.policy().value())
        .put("decision", activation.decision())
        .put("reason", activation.reason().code())
        .put("why", activation.reason().sentence())
        .put("run", activation.run() == null ? null : activation.run().value())
        .put("at", Times.of(activation.at()));
  }
}
