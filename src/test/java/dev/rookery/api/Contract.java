package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Holds answers against the OpenAPI document that the server itself gives out. */
final class Contract {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final List<Route> routes;
  private final JsonNode document;

  Contract(List<Route> routes, JsonNode document) {
    this.routes = routes;
    this.document = document;
  }

  JsonNode document() {
    return document;
  }

  void check(String method, String path, TestServer.Answer answer) {
    if (answer.status() >= 400 && !path.equals("/health/ready")) {
      assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
      assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
      assertThat(answer.json().path("trace_id").asText()).isEqualTo(answer.header("X-Trace-Id"));
      fits(answer, "Problem");
      return;
    }
    for (Route route : routes) {
      String schema = route.doc().response();
      if (route.method().equals(method) && matches(route, path) && answer.status() < 300) {
        assertThat(answer.status()).as(route.name()).isEqualTo(route.doc().status());
        if (schema == null) {
          assertThat(answer.response().body()).isEmpty();
        } else if (document.at("/components/schemas").has(schema)) {
          fits(answer, schema);
        }
        return;
      }
    }
  }

  private static boolean matches(Route route, String path) {
    String pattern =
        Pattern.compile("\\{[a-z_]+}")
            .matcher(Pattern.quote(route.path()))
            .replaceAll("\\\\E[^/]+\\\\Q");
    return path.matches(pattern);
  }

  private void fits(TestServer.Answer answer, String name) {
    ObjectNode schema = Json.object().put("$ref", "#/components/schemas/" + name);
    schema.set("components", document.path("components"));
    var errors =
        SCHEMAS
            .getSchema(Json.write(schema), InputFormat.JSON)
            .validate(Json.write(answer.json()), InputFormat.JSON);
    assertThat(errors).as("%s: %s", name, answer.json()).isEmpty();
  }

  /** The operation of a route, or a missing node. */
  JsonNode operation(Route route) {
    return document.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
  }
}
