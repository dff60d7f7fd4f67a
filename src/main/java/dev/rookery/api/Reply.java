package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a route answers. The body is handed over, not copied. */
@SuppressWarnings("ArrayRecordComponent")
record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
  static final String JSON = "application/json";

  Reply {
    headers = Map.copyOf(headers);
  }

  Reply(int status, String contentType, byte[] body) {
    this(status, contentType, body, Map.of());
  }

  static Reply ok(JsonNode body) {
    return json(200, body);
  }

  static Reply json(int status, JsonNode body) {
    return new Reply(status, JSON, Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  static Reply nothing() {
    return new Reply(204, JSON, new byte[0]);
  }

  /** All there is, without a next page. */
  static <T> Reply all(List<T> items, Function<T, ? extends JsonNode> view) {
    return page(items, Integer.MAX_VALUE, _ -> null, view);
  }

  /**
   * One page of a list.
   *
   * @param items up to one more than the limit, which shows that there is a next page
   * @param cursor of an item, which the caller gives back as {@code before}
   */
  static <T> Reply page(
      List<T> items,
      int limit,
      Function<T, @Nullable String> cursor,
      Function<T, ? extends JsonNode> view) {
    List<T> shown = items.size() > limit ? items.subList(0, limit) : items;
    ObjectNode body = Json.object();
    ArrayNode array = body.putArray("items");
    shown.forEach(item -> array.add(view.apply(item)));
    body.put("next", items.size() > limit ? cursor.apply(shown.getLast()) : null);
    return ok(body);
  }
}
