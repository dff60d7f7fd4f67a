package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request that came through the gateway. */
record InvokedRequest(Invocation what, Map<String, String> parameters) implements Request {
  @Override
  public String path(String parameter) {
    String value = parameters.get(parameter);
    if (value == null) {
      throw new IllegalArgumentException("the route has no parameter " + parameter);
    }
    return value;
  }

  @Override
  public @Nullable String query(String name) {
    return what.query().get(name);
  }

  @Override
  public Set<String> queryNames() {
    return what.query().keySet();
  }

  @Override
  public @Nullable String header(String name) {
    return what.headers().entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** Its size was limited by the frame that it came in. */
  @Override
  public byte[] body() {
    JsonNode body = what.body();
    return Json.write(body == null ? Json.object() : body).getBytes(StandardCharsets.UTF_8);
  }
}
