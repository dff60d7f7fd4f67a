package dev.rookery.api;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the table: where, for whom, what, and how it is documented.
 *
 * @param action what it answers; of a stream, that it is to be streamed
 * @param stream null for a route that answers once
 */
record Route(
    String method,
    String path,
    Access access,
    Action action,
    @Nullable StreamAction stream,
    Doc doc) {
  private static final String ROOT = "/api/v1/";
  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

  /**
   * What the OpenAPI document says.
   *
   * @param query parameters; others are refused
   * @param request body, or null for none
   * @param response schema of the answer by name; null for an answer without a body
   * @param status of success
   * @param changesNothing said of a POST that only asks; a GET never changes anything
   */
  record Doc(
      String summary,
      List<Query> query,
      @Nullable Shape request,
      @Nullable String response,
      int status,
      boolean changesNothing) {
    Doc {
      query = List.copyOf(query);
    }
  }

  /** A query parameter. */
  record Query(String name, String note) {}

  /** As metrics and the OpenAPI document name it. */
  String name() {
    return method + " " + path;
  }

  /** What scopes of keys call it: the first segment below /api/v1. */
  String area() {
    String below = path.startsWith(ROOT) ? path.substring(ROOT.length()) : path.substring(1);
    int end = below.indexOf('/');
    return end < 0 ? below : below.substring(0, end);
  }

  /** Whether it only looks. */
  boolean looks() {
    return method.equals("GET") || doc.changesNothing();
  }

  List<String> parameters() {
    return PARAMETER.matcher(path).results().map(match -> match.group(1)).toList();
  }

  /**
   * Whether it is read as JSON, of which a caller may want some fields, or nothing when unchanged.
   */
  boolean json() {
    String schema = doc.response();
    return method.equals("GET")
        && access instanceof Access.Key
        && schema != null
        && !OpenApi.OTHER_TYPES.containsKey(schema);
  }

  boolean knowsQuery(String parameter) {
    return doc.query().stream().anyMatch(query -> query.name().equals(parameter));
  }
}
