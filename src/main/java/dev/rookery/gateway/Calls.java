package dev.rookery.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.orgs.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The port to the routes of the API, which every request but a few goes to. */
public interface Calls {
  /**
   * Calls a route with the access, the checks and the problem details that it has over HTTP.
   *
   * @param who recognised just now
   */
  Answer call(Principal who, Invocation what);

  /**
   * What is called.
   *
   * @param path its parts percent-encoded, without a query
   * @param body null for none
   */
  record Invocation(
      String method,
      String path,
      Map<String, String> query,
      @Nullable JsonNode body,
      Map<String, String> headers) {
    public Invocation {
      query = Map.copyOf(query);
      headers = Map.copyOf(headers);
    }
  }

  /** What the route answered, or the problem details of why it did not (RFC 9457). */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, String contentType, byte[] body) {}
}
