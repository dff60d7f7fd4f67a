package dev.rookery.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.runs.TokenDelta;
import dev.rookery.streams.Item;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What is sent to clients: UTF-8, one JSON object each. */
final class FrameWriter {
  private static final int ANSWER_LIMIT = 4 << 20;
  private static final int RECENT = 1_024;
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

  /** Clients that keep up get the same records at nearly the same time. */
  private final AtomicReferenceArray<Rendered> recent = new AtomicReferenceArray<>(RECENT);

  @SuppressWarnings("ArrayRecordComponent")
  private record Rendered(byte[] json, byte[] frame) {}

  byte[] event(Item item) {
    return switch (item) {
      case Item.Entry entry -> record(entry);
      case Item.Token(var delta) -> token(delta);
    };
  }

  @SuppressWarnings(
      "ReferenceEquality") // the same number of another organization is another record
  private byte[] record(Item.Entry entry) {
    int slot = (int) (entry.record().seq() % RECENT);
    Rendered known = recent.get(slot);
    if (known != null && known.json() == entry.json()) {
      return known.frame();
    }
    byte[] frame = render(entry);
    recent.set(slot, new Rendered(entry.json(), frame));
    return frame;
  }

  private static byte[] render(Item.Entry entry) {
    JsonNode data = entry.record().entry().data();
    String name =
        EventNameRules.of(
            entry.record().entry().kind(),
            data.path("kind").asText().equals("tool"),
            data.path("state").asText().equals("done"));
    String head =
        "{\"type\":\"event\",\"event\":\""
            + name
            + "\",\"seq\":"
            + entry.record().seq()
            + ",\"payload\":";
    return framed(head, entry.json());
  }

  private static byte[] token(TokenDelta delta) {
    ObjectNode frame = Json.object().put("type", "event").put("event", EventNameRules.TOKEN);
    frame
        .putObject("payload")
        .put("run", delta.run().value())
        .put("agent", delta.agent().value())
        .put("conversation", delta.conversation())
        .put("step", delta.step())
        .put("attempt", delta.attempt())
        .put("text", delta.text());
    return bytes(frame);
  }

  byte[] result(String id, JsonNode payload) {
    return bytes(response(id).put("ok", true).set("payload", payload));
  }

  /** What a route answered. */
  byte[] answer(String id, Calls.Answer answer) {
    if (answer.status() >= 400) {
      return problem(id, answer);
    }
    if (answer.body().length > ANSWER_LIMIT) {
      return error(
          id,
          new Refusal(
              Refusal.Kind.TOO_LARGE,
              "answer-too-large",
              "The answer has " + answer.body().length + " bytes; fetch it over HTTP."));
    }
    String head = "{\"type\":\"res\",\"id\":" + Json.write(id) + ",\"ok\":true,\"payload\":";
    if (answer.body().length == 0) {
      return framed(head, NOTHING);
    }
    if (answer.contentType().startsWith("application/json")) {
      return framed(head, answer.body());
    }
    ObjectNode wrapped =
        Json.object()
            .put("content_type", answer.contentType())
            .put("base64", Base64.getEncoder().encodeToString(answer.body()));
    return result(id, wrapped);
  }

  private byte[] problem(String id, Calls.Answer answer) {
    JsonNode problem = Json.parse(answer.body());
    ObjectNode frame = response(id).put("ok", false);
    ObjectNode error =
        frame
            .putObject("error")
            .put("code", problem.path("code").asText())
            .put("message", problem.path("detail").asText())
            .put("status", answer.status());
    if (answer.status() >= 500) {
      error.set("trace_id", problem.path("trace_id"));
    }
    return bytes(frame);
  }

  byte[] error(String id, Refusal refusal) {
    ObjectNode frame = response(id).put("ok", false);
    frame
        .putObject("error")
        .put("code", refusal.code())
        .put("message", refusal.getMessage())
        .put("status", refusal.kind().status());
    return bytes(frame);
  }

  private static ObjectNode response(String id) {
    return Json.object().put("type", "res").put("id", id);
  }

  private static byte[] framed(String head, byte[] json) {
    byte[] before = head.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[before.length + json.length + 1];
    System.arraycopy(before, 0, frame, 0, before.length);
    System.arraycopy(json, 0, frame, before.length, json.length);
    frame[frame.length - 1] = '}';
    return frame;
  }

  private static byte[] bytes(ObjectNode frame) {
    return Json.write(frame).getBytes(StandardCharsets.UTF_8);
  }
}
