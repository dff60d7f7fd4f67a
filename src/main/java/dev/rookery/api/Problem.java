package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.StorageUnavailable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * RFC 9457 problem details. What is unexpected is told without its internals; the trace id leads to
 * the log line that has them.
 */
record Problem(int status, String code, String detail) {
  static final String CONTENT_TYPE = "application/problem+json";
  static final int RETRY_SECONDS = 2;

  /** A refusal that only HTTP knows, such as 405 or 415. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    Thrown(int status, String code, String detail) {
      this(new Problem(status, code, detail));
    }

    Thrown(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }

  static Problem of(Throwable error) {
    return switch (error) {
      case Refusal refusal ->
          new Problem(refusal.kind().status(), refusal.code(), refusal.getMessage());
      case Thrown thrown -> thrown.problem();
      case StorageUnavailable unavailable ->
          new Problem(503, "storage-unavailable", sentence(unavailable));
      default ->
          new Problem(
              500,
              "internal",
              "Something went wrong inside Rookery; it is logged with the trace id. Report it if it"
                  + " happens again.");
    };
  }

  private static String sentence(StorageUnavailable error) {
    String message = error.getMessage();
    return (message == null ? "The database is not available." : message)
        + " Nothing was stored; the same request may be sent again.";
  }

  /** What the HTTP server itself found wrong before any route was asked. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> new Problem(404, "not-found", "There is nothing here.");
      case 405 -> new Problem(405, "method-not-allowed", "This path does not know that method.");
      case 414 -> new Problem(414, "uri-too-long", "The path with its query is too long.");
      case 431 -> new Problem(431, "headers-too-large", "The headers are too large.");
      default ->
          status >= 500
              ? new Problem(status, "internal", "The request failed inside Rookery.")
              : new Problem(status, "bad-request", "The request is not proper HTTP.");
    };
  }

  /** Whether the caller is to blame, so that nobody needs to look at a log. */
  boolean expected() {
    return status < 500 || code.equals("storage-unavailable");
  }

  byte[] body(@Nullable String trace) {
    ObjectNode json =
        Json.object()
            .put("type", "about:blank")
            .put("title", String.valueOf(HttpStatus.getMessage(status)))
            .put("status", status)
            .put("code", code)
            .put("detail", detail)
            .put("trace_id", trace);
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  /** Headers besides the content type. */
  Map<String, String> headers() {
    return switch (status) {
      case 503 -> Map.of("Retry-After", Integer.toString(RETRY_SECONDS));
      case 429 -> Map.of("Retry-After", "30");
      case 401 -> Map.of("WWW-Authenticate", "Bearer realm=\"rookery\"");
      default -> Map.of();
    };
  }
}
