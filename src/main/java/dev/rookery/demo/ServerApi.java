package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The REST API of the server, as any client uses it. */
final class ServerApi {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(40);
  private static final int PAGE = 200;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  private final URI server;
  private final String key;

  ServerApi(URI server, String key) {
    this.server = server;
    this.key = key;
  }

  URI server() {
    return server;
  }

  String key() {
    return key;
  }

  static boolean isReady(URI server) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/health/ready")).timeout(CONNECT).build();
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  JsonNode get(String path) throws InterruptedException {
    return send(path, to(path).GET());
  }

  JsonNode post(String path, JsonNode body) throws InterruptedException {
    return send(path, to(path).POST(HttpRequest.BodyPublishers.ofString(Json.write(body))));
  }

  JsonNode put(String path, JsonNode body) throws InterruptedException {
    return send(path, to(path).PUT(HttpRequest.BodyPublishers.ofString(Json.write(body))));
  }

  /** Every item of a list, page by page. */
  List<JsonNode> all(String path) throws InterruptedException {
    List<JsonNode> items = new ArrayList<>();
    String start = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
    String next = "";
    do {
      JsonNode page = get(next.isEmpty() ? start : start + "&before=" + next);
      page.path("items").forEach(items::add);
      next = page.path("next").isNull() ? "" : encoded(page.path("next").asText(""));
    } while (!next.isEmpty());
    return items;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(server.resolve(path))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  private static JsonNode send(String path, HttpRequest.Builder request)
      throws InterruptedException {
    HttpRequest built = request.build();
    String what = built.method() + " " + path.replaceAll("\\?.*", "");
    HttpResponse<byte[]> response;
    try {
      response = CLIENT.send(built, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new DemoFailure("The server did not answer " + what + ": " + e + ".");
    }
    if (response.statusCode() / 100 != 2) {
      String body = new String(response.body(), StandardCharsets.UTF_8);
      throw new DemoFailure(
          "The server answered %s with HTTP %d: %s"
              .formatted(what, response.statusCode(), Text.brief(body, 400)));
    }
    try {
      return response.body().length == 0 ? Json.object() : Json.parse(response.body());
    } catch (Refusal e) {
      throw new DemoFailure("The answer to " + what + " is no JSON: " + e.getMessage());
    }
  }
}
