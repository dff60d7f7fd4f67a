package dev.rookery.api;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One entry of the table: where, for whom, what, and how it is documented. */
record Route(String method, String path, Access access, Action action, Doc doc) {
  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

  /**
   * What the OpenAPI document says.
   *
   * @param query parameters; others are refused
   * @param request body, or null for none
   * @param response schema of the answer by name; null for an answer without a body
   * @param status of success
   */
  record Doc(
      String summary,
      List<Query> query,
      @Nullable Shape request,
      @Nullable String response,
      int status) {
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

  List<String> parameters() {
    return PARAMETER.matcher(path).results().map(match -> match.group(1)).toList();
  }

  /** Whether it is read as JSON, of which a caller may want some fields, or nothing when unchanged. */
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
