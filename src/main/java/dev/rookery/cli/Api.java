package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API as commands call it. The server is looked up again on every call: after a restart it
 * may be at another port. Failures are {@link CliFailure}s with the exit code of their kind.
 */
final class Api implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(40);

  private final Supplier<Address> addresses;
  private @Nullable HttpClient client;

  Api(Supplier<Address> addresses) {
    this.addresses = addresses;
  }

  /** Where it is now. */
  Address address() {
    return addresses.get();
  }

  /** Where it is now, with a key to it. */
  Address keyed() {
    Address address = address();
    if (address.key() == null) {
      throw noKey(address);
    }
    return address;
  }

  JsonNode get(Route route) {
    return call(route, HttpRequest.newBuilder().GET());
  }

  /** The body of an answer as it is. */
  byte[] download(Route route) {
    Address address = keyed();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(address, route))
            .header("Authorization", "Bearer " + address.key())
            .GET();
    HttpResponse<byte[]> response = exchange(address, request, BodyHandlers.ofByteArray());
    if (response.statusCode() / 100 != 2) {
      String body = new String(response.body(), StandardCharsets.UTF_8);
      throw problem(address, response.statusCode(), body);
    }
    return response.body();
  }

  JsonNode post(Route route, JsonNode body) {
    return call(route, withBody("POST", body));
  }

  /** As {@link #post(Route, JsonNode)}; sent again with the same key it has no second effect. */
  JsonNode post(Route route, JsonNode body, String idempotencyKey) {
    return call(route, withBody("POST", body).header("Idempotency-Key", idempotencyKey));
  }

  JsonNode put(Route route, JsonNode body) {
    return call(route, withBody("PUT", body));
  }

  JsonNode patch(Route route, JsonNode body) {
    return call(route, withBody("PATCH", body));
  }

  JsonNode delete(Route route) {
    return call(route, HttpRequest.newBuilder().DELETE());
  }

  /** The status of an unauthenticated GET, such as the health probe. */
  int probe(Route route) {
    Address address = address();
    return exchange(
            address, HttpRequest.newBuilder(uri(address, route)).GET(), BodyHandlers.discarding())
        .statusCode();
  }

  private static HttpRequest.Builder withBody(String method, JsonNode body) {
    return HttpRequest.newBuilder()
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(Json.write(body)));
  }

  private JsonNode call(Route route, HttpRequest.Builder request) {
    Address address = keyed();
    request
        .uri(uri(address, route))
        .header("Authorization", "Bearer " + address.key())
        .header("Accept", "application/json, application/problem+json");
    HttpResponse<String> response = exchange(address, request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw problem(address, response.statusCode(), response.body());
    }
    return response.body().isBlank() ? NullNode.getInstance() : parse(address, response.body());
  }

  private <T> HttpResponse<T> exchange(
      Address address, HttpRequest.Builder request, BodyHandler<T> handler) {
    try {
      return http().send(request.timeout(ANSWER).build(), handler);
    } catch (IOException e) {
      throw away(address, e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CliFailure(Exit.INTERRUPTED, "Interrupted.");
    }
  }

  /** Nobody answers there. */
  static CliFailure away(Address address, IOException e) {
    return CliFailure.unreachable(
        "The server at %s does not answer (%s). Is it running? Start it with: %s up"
            .formatted(address.url(), reason(e), Program.name()),
        e);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.net.ConnectException _ -> "connection refused";
      case java.net.http.HttpTimeoutException _ -> "timed out";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  private static JsonNode parse(Address address, String body) {
    try {
      return Json.parse(body);
    } catch (Refusal e) {
      throw new CliFailure(
          Exit.FAILED,
          "%s answered with something that is no JSON; is it a Rookery server?"
              .formatted(address.url()));
    }
  }

  /** What an answer that is no success means. */
  static CliFailure problem(Address address, int status, String body) {
    String said = detail(body);
    String message = said == null ? "%s answered %d".formatted(address.url(), status) : said;
    if (status == 503 || status == 502 || status == 504) {
      return CliFailure.unreachable(message, null);
    }
    return new CliFailure(Exit.ofStatus(status), message);
  }

  /** What problem details say, with code and trace id for a report; null when they are none. */
  private static @Nullable String detail(String body) {
    JsonNode problem;
    try {
      problem = Json.parse(body);
    } catch (Refusal _) {
      return null;
    }
    String detail = problem.path("detail").asText(problem.path("title").asText());
    String code = problem.path("code").asText();
    String trace = problem.path("trace_id").asText();
    String tail = trace.isEmpty() ? code : code + ", trace " + trace;
    return detail.isEmpty()
        ? null
        : Text.brief(detail, 2_000) + (tail.isEmpty() ? "" : " (" + tail + ")");
  }

  private static CliFailure noKey(Address address) {
    return new CliFailure(
        Exit.AUTH,
        ("There is no API key for %s. Set ROOKERY_API_KEY; on the server's machine make one with:"
                + " %s keys create")
            .formatted(address.url(), Program.name()));
  }

  private static URI uri(Address address, Route route) {
    return URI.create(address.url() + route.path());
  }

  /** Shared with the gateway; a process needs one. */
  synchronized HttpClient http() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .executor(task -> Thread.ofVirtual().start(task))
              .build();
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
