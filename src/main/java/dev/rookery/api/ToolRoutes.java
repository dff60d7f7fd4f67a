package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.BOOLEAN;
import static dev.rookery.api.Shape.Kind.INTEGER;
import static dev.rookery.api.Shape.Kind.OBJECT;
import static dev.rookery.api.Shape.Kind.TEXT;
import static dev.rookery.api.Shape.Kind.TEXT_MAP;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;
import dev.rookery.tools.DefinedTool;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Endpoint;
import dev.rookery.tools.NewTool;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeSet;

/** Tools: those that come with Rookery and those that the organization defines over HTTP. */
final class ToolRoutes {
  private static final int DEFAULT_TIMEOUT_MS = 30_000;
  private static final Shape NEW_TOOL =
      Shape.of(
          "NewTool",
          required("name", TEXT, "[a-z][a-z0-9_]{0,63}"),
          required("description", TEXT, "tells the model when to use it"),
          required("schema", OBJECT, "JSON Schema 2020-12 of the arguments, an object"),
          required("url", TEXT, "http or https; gets the arguments as JSON"),
          optional("method", TEXT, "POST if not given").oneOf("POST", "PUT", "PATCH", "DELETE"),
          optional("timeout_ms", INTEGER, "100 to 600000; 30000 if not given"),
          optional("lookup_url", TEXT, "asked after a crash whether a call happened"),
          optional("allow_private", BOOLEAN, "whether it may be in a private network"),
          optional("secret_headers", TEXT_MAP, "sent with each call, stored encrypted"),
          optional("effect_class", TEXT, "what may be done after a crash; unsafe if not given")
              .oneOf("pure", "keyed", "reconcilable", "unsafe"));

  private final Rooms.Domain domain;

  ToolRoutes(Rooms rooms) {
    this.domain = rooms.domain();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/tools")
        .does("Lists tools, built-in ones too")
        .allows(Access.VIEWER)
        .answers(200, "ToolList")
        .by(this::list);
    routes
        .post("/api/v1/tools")
        .does("Defines an HTTP tool; no agent may call it before it is granted")
        .allows(Access.ADMIN)
        .takes(NEW_TOOL)
        .answers(201, "Tool")
        .by(this::create);
  }

  private Reply list(Call call) {
    ObjectNode body = Json.object();
    var items = body.putArray("items");
    domain.tools().list(call.org()).forEach(tool -> items.add(view(tool)));
    domain.tools().builtins().forEach(tool -> items.add(view(tool)));
    return Reply.ok(body.putNull("next"));
  }

  private Reply create(Call call) {
    Fields body = call.body(NEW_TOOL);
    String lookup = body.textOrNull("lookup_url");
    Endpoint endpoint =
        new Endpoint(
            Endpoint.uri(body.text("url")),
            body.text("method", "POST"),
            Duration.ofMillis(body.number("timeout_ms").orElse(DEFAULT_TIMEOUT_MS)),
            lookup == null ? null : Endpoint.uri(lookup),
            body.flag("allow_private", false));
    NewTool wish =
        new NewTool(
            new ToolSpec(body.text("name"), body.text("description"), body.object("schema")),
            endpoint,
            body.textMap("secret_headers"),
            EffectClass.valueOf(body.text("effect_class", "unsafe").toUpperCase(Locale.ROOT)));
    return Reply.json(201, view(domain.tools().create(call.org(), wish)));
  }

  private static ObjectNode view(DefinedTool tool) {
    ObjectNode json =
        view(tool.spec(), tool.effectClass())
            .put("id", tool.id().value())
            .put("kind", "http")
            .put("url", tool.endpoint().url().toString())
            .put("method", tool.endpoint().method())
            .put("timeout_ms", tool.endpoint().timeout().toMillis())
            .put("allow_private", tool.endpoint().allowPrivate())
            .put("enabled", tool.enabled())
            .put("created_at", Times.made(tool.id()));
    var lookup = tool.endpoint().lookupUrl();
    json.put("lookup_url", lookup == null ? null : lookup.toString());
    var secrets = json.putArray("secrets_set");
    new TreeSet<>(tool.sealed().keySet()).forEach(secrets::add);
    return json;
  }

  private static ObjectNode view(Tool tool) {
    return view(tool.spec(), tool.effectClass()).put("kind", "builtin").put("enabled", true);
  }

  private static ObjectNode view(ToolSpec spec, EffectClass effect) {
    ObjectNode json = Json.object().put("name", spec.name()).put("description", spec.description());
    json.set("schema", spec.schema());
    return json.put("effect_class", effect.name().toLowerCase(Locale.ROOT));
  }
}
