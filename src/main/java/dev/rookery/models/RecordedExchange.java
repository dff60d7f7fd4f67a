package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One exchange as it is kept: what was asked, and the answer byte for byte. Request headers are
 * never kept, of the response's only those that matter.
 *
 * @param complete false where the provider dropped or stalled the stream
 */
record RecordedExchange(
    Asked asked, int status, Map<String, String> headers, List<byte[]> chunks, boolean complete) {

  /** Names a request: the same path and the same JSON, whatever its spelling, have one hash. */
  record Asked(String provider, String path, String sha256, JsonNode body) {
    static Asked of(Transport.Call call) {
      String path = URI.create(call.url()).getPath();
      JsonNode body = Json.parse(call.body());
      String hash = Digest.sha256("POST\n" + path + "\n" + Json.canonical(body));
      return new Asked(call.provider().id(), path, hash, body);
    }
  }

  String json() {
    ObjectNode root = Json.object();
    ObjectNode request = root.putObject("request");
    request.put("provider", asked.provider());
    request.put("path", asked.path());
    request.put("sha256", asked.sha256());
    request.set("body", asked.body());
    ObjectNode response = root.putObject("response");
    response.put("status", status);
    headers.forEach(response.putObject("headers")::put);
    response.put("complete", complete);
    var array = response.putArray("chunks");
    chunks.forEach(chunk -> array.add(encoded(chunk)));
    return root.toPrettyString() + "\n";
  }

  /**
   * @throws Refusal {@code malformed-json} or {@code bad-recording}
   */
  static RecordedExchange read(byte[] json) {
    JsonNode root = Json.parse(json);
    JsonNode request = root.path("request");
    JsonNode response = root.path("response");
    if (!response.path("status").isInt() || !response.path("chunks").isArray()) {
      throw Refusal.badInput("bad-recording", "It has no response.status or response.chunks.");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    response
        .path("headers")
        .properties()
        .forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
    List<byte[]> chunks = new ArrayList<>();
    response.path("chunks").forEach(chunk -> chunks.add(decoded(chunk)));
    return new RecordedExchange(
        new Asked(
            request.path("provider").asText(),
            request.path("path").asText(),
            request.path("sha256").asText(),
            request.path("body")),
        response.path("status").asInt(),
        headers,
        chunks,
        response.path("complete").asBoolean(true));
  }

  /** Text where the bytes are UTF-8, so that people can read a recording; base64 elsewhere. */
  private static ObjectNode encoded(byte[] chunk) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(chunk)).toString();
      return Json.object().put("text", text);
    } catch (CharacterCodingException e) {
      return Json.object().put("base64", Base64.getEncoder().encodeToString(chunk));
    }
  }

  private static byte[] decoded(JsonNode chunk) {
    return chunk.has("text")
        ? chunk.path("text").asText().getBytes(StandardCharsets.UTF_8)
        : Base64.getDecoder().decode(chunk.path("base64").asText());
  }
}
