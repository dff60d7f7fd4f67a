package dev.rookery.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes calls of routes of what clients ask for. */
final class Invoking {
  private static final Pattern PATH = Pattern.compile("/api/v1/[!->@-~]{1,2000}");
  private static final Pattern VERB = Pattern.compile("GET|POST|PUT|PATCH|DELETE");

  private Invoking() {}

  /**
   * @throws Refusal {@code unknown-method}, {@code missing-parameter}, {@code bad-parameter} …;
   *     what the route has to say of the params it says itself
   */
  static Calls.Invocation of(String name, ObjectNode params) {
    if (name.equals(MethodRules.API_CALL)) {
      return any(new Params(params));
    }
    Method method = MethodRules.find(name);
    if (method == null) {
      throw new Refusal(
          Refusal.Kind.NOT_FOUND,
          "unknown-method",
          "There is no method '" + Text.brief(Text.clean(name), 60) + "'; see docs/gateway.md.");
    }
    return named(method, params.deepCopy());
  }

  private static Calls.Invocation named(Method method, ObjectNode rest) {
    Map<String, String> path = new HashMap<>();
    for (String parameter : MethodRules.parameters(method.path())) {
      path.put(parameter, new Params(rest).text(parameter));
      rest.remove(parameter);
    }
    Map<String, String> headers = headers(rest);
    String filled = filled(method.path(), path);
    if (MethodRules.asks(method)) {
      return new Calls.Invocation(method.verb(), filled, query(rest), null, headers);
    }
    return new Calls.Invocation(method.verb(), filled, Map.of(), body(method, rest), headers);
  }

  private static String filled(String path, Map<String, String> values) {
    return MethodRules.PARAMETER
        .matcher(path)
        .replaceAll(match -> encoded(values.getOrDefault(match.group(1), "")));
  }

  /** Holds nothing that a replacement would read otherwise. */
  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static ObjectNode body(Method method, ObjectNode rest) {
    ObjectNode body = Json.object();
    for (Map.Entry<String, JsonNode> param : rest.properties()) {
      String name = param.getKey();
      String field = MethodRules.field(method, name);
      if (param.getValue().isTextual()) {
        body.put(field, MethodRules.word(method, name, param.getValue().textValue()));
      } else {
        body.set(field, param.getValue());
      }
    }
    return body;
  }

  private static Calls.Invocation any(Params params) {
    params.only(List.of("method", "path", "query", "body", "idempotency_key", "if_match"));
    String verb = params.text("method");
    String path = params.text("path");
    if (!VERB.matcher(verb).matches()) {
      throw Params.bad("method", "GET, POST, PUT, PATCH or DELETE");
    }
    if (!PATH.matcher(path).matches()) {
      throw Params.bad("path", "a path below /api/v1/, percent-encoded, without a query");
    }
    ObjectNode headers = params.json().deepCopy().retain(MethodRules.HEADERS.keySet());
    JsonNode body = params.has("body") ? params.json().get("body") : null;
    return new Calls.Invocation(verb, path, query(params.object("query")), body, headers(headers));
  }

  /** Takes them out of the params. */
  private static Map<String, String> headers(ObjectNode params) {
    Map<String, String> headers = new HashMap<>();
    MethodRules.HEADERS.forEach(
        (param, header) -> {
          String value = new Params(params).textOrNull(param);
          if (value != null) {
            headers.put(header, value);
          }
          params.remove(param);
        });
    return headers;
  }

  private static Map<String, String> query(ObjectNode params) {
    Map<String, String> query = new HashMap<>();
    for (Map.Entry<String, JsonNode> param : params.properties()) {
      if (param.getValue().isContainerNode()) {
        throw Params.bad(param.getKey(), "a text, a number, true or false");
      }
      if (!param.getValue().isNull()) {
        query.put(param.getKey(), param.getValue().asText());
      }
    }
    return query;
  }
}
