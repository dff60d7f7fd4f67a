package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that did not come over HTTP.
 *
 * @param path below {@code /api/v1}, its parts percent-encoded, without a query
 * @param body null counts as an empty object
 * @param headers of those that routes read, such as {@code Idempotency-Key}
 */
public record Invocation(
    String method,
    String path,
    Map<String, String> query,
    @Nullable JsonNode body,
    Map<String, String> headers) {
  public Invocation {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /**
   * What a route answered, or the problem details of why it did not. The body is handed over, not
   * copied.
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, String contentType, byte[] body) {}
}
