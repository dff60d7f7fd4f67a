package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The OpenAPI 3.1 document, made from the table of routes when first asked for. */
final class OpenApi {
  private static final String SCHEMAS = "#/components/schemas/";
  static final Map<String, String> OTHER_TYPES =
      Map.of(
          "Text",
          "text/plain",
          "OpenApi",
          Reply.JSON,
          "EventStream",
          EventStream.CONTENT_TYPE,
          "Bytes",
          ArtifactRoutes.OCTETS);

  private final Routes routes;
  private final String version;
  private byte @Nullable [] bytes;

  OpenApi(Routes routes, String version) {
    this.routes = routes;
    this.version = version;
  }

  synchronized byte[] bytes() {
    byte[] made = bytes;
    if (made == null) {
      made = Json.write(document()).getBytes(StandardCharsets.UTF_8);
      bytes = made;
    }
    return made;
  }

  private ObjectNode document() {
    ObjectNode document = Json.object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Rookery")
        .put("version", version)
        .put("description", "Durable AI agents. Errors are RFC 9457 problem details.")
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    document.putArray("servers").addObject().put("url", "/");
    ObjectNode paths = document.putObject("paths");
    ObjectNode components = document.putObject("components");
    ObjectNode schemas = components.putObject("schemas");
    schemas.setAll(responses());
    Map<String, Integer> names = new LinkedHashMap<>();
    for (Route route : routes.all()) {
      paths
          .withObject("/" + route.path().replace("~", "~0").replace("/", "~1"))
          .set(route.method().toLowerCase(Locale.ROOT), operation(route, names));
      Shape request = route.doc().request();
      if (request != null) {
        schemas.set(request.name(), request.schema());
      }
    }
    paths.withObject("/" + HookDoor.PATH.replace("/", "~1")).set("post", hook());
    SharedParameters.enter(components);
    components
        .putObject("securitySchemes")
        .putObject("key")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "rk_<prefix>_<secret>");
    return document;
  }

  private static ObjectNode responses() {
    try (InputStream in = OpenApi.class.getResourceAsStream("/api/schemas.json")) {
      if (in == null) {
        throw new IllegalStateException("the build left out api/schemas.json");
      }
      return (ObjectNode) Json.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode operation(Route route, Map<String, Integer> names) {
    ObjectNode operation =
        Json.object()
            .put("operationId", operationId(route, names))
            .put("summary", route.doc().summary());
    ArrayNode parameters = parameters(route);
    SharedParameters.of(route).forEach(parameters::add);
    if (!parameters.isEmpty()) {
      operation.set("parameters", parameters);
    }
    if (route.doc().request() != null) {
      ObjectNode body = operation.putObject("requestBody").put("required", true);
      body.set("content", content(Reply.JSON, route.doc().request().name()));
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode success = success(route.doc());
    SharedParameters.headers(route, success);
    responses.set(Integer.toString(route.doc().status()), success);
    if (route.json()) {
      responses.putObject("304").put("description", "it is what If-None-Match names");
    }
    responses.set("default", problem());
    security(route.access(), operation);
    return operation;
  }

  private static ArrayNode parameters(Route route) {
    ArrayNode parameters = Json.mapper().createArrayNode();
    for (String name : route.parameters()) {
      parameters
          .addObject()
          .put("name", name)
          .put("in", "path")
          .put("required", true)
          .putObject("schema")
          .put("type", "string");
    }
    for (Route.Query query : route.doc().query()) {
      parameters
          .addObject()
          .put("name", query.name())
          .put("in", "query")
          .put("description", query.note())
          .putObject("schema")
          .put("type", "string");
    }
    if (route.stream() != null) {
      header(parameters, "Last-Event-ID", "number of the last record that was read");
    }
    return parameters;
  }

  private static void header(ArrayNode parameters, String name, String note) {
    parameters
        .addObject()
        .put("name", name)
        .put("in", "header")
        .put("description", note)
        .putObject("schema")
        .put("type", "string");
  }

  private static ObjectNode success(Route.Doc doc) {
    ObjectNode success = Json.object().put("description", "done");
    String schema = doc.response();
    if (schema != null) {
      String other = OTHER_TYPES.get(schema);
      success.set("content", other == null ? content(Reply.JSON, schema) : loose(other));
    }
    return success;
  }

  private static ObjectNode loose(String contentType) {
    ObjectNode content = Json.object();
    content
        .putObject(contentType)
        .putObject("schema")
        .put("type", contentType.equals(Reply.JSON) ? "object" : "string");
    return content;
  }

  private static ObjectNode problem() {
    ObjectNode problem = Json.object().put("description", "why not");
    problem.set("content", content(Problem.CONTENT_TYPE, "Problem"));
    return problem;
  }

  private static ObjectNode content(String contentType, String schema) {
    ObjectNode content = Json.object();
    content.putObject(contentType).putObject("schema").put("$ref", SCHEMAS + schema);
    return content;
  }

  private static void security(Access access, ObjectNode operation) {
    ArrayNode security = operation.putArray("security");
    switch (access) {
      case Access.Open() -> {}
      case Access.Local() -> security.addObject().putArray("key");
      case Access.Key(var role) -> {
        security.addObject().putArray("key");
        operation.put("x-role", role.spelled());
      }
    }
  }

  private static String operationId(Route route, Map<String, Integer> names) {
    List<String> words =
        List.of(route.path().replaceAll("^/api/v1|[{}]|\\.json", "").substring(1).split("[/_]"));
    StringBuilder id = new StringBuilder(route.method().toLowerCase(Locale.ROOT));
    words.forEach(
        word -> id.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length()));
    int uses = names.merge(id.toString(), 1, Integer::sum);
    return uses == 1 ? id.toString() : id.toString() + uses;
  }

  /** Served in front of the table, because it is no call of an API key. */
  private static ObjectNode hook() {
    ObjectNode operation =
        Json.object()
            .put("operationId", "deliver")
            .put(
                "summary",
                "Takes a delivery of a channel, which proves itself, or, by a policy's id and the token of"
                    + " its URL, a call of a webhook; 200 once committed");
    ArrayNode parameters = operation.putArray("parameters");
    for (String name : List.of("channel", "integration_id")) {
      parameters
          .addObject()
          .put("name", name)
          .put("in", "path")
          .put("required", true)
          .putObject("schema")
          .put("type", "string");
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode done = responses.putObject("200").put("description", "committed");
    done.set("content", content(Reply.JSON, "Done"));
    responses.set("default", problem());
    operation.putArray("security");
    return operation;
  }
}
