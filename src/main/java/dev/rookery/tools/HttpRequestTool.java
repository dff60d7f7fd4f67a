package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.egress.GuardedRequest;
import dev.rookery.egress.HttpField;
import dev.rookery.egress.Payload;
import dev.rookery.egress.SecretInjection;
import dev.rookery.egress.Terms;
import dev.rookery.egress.WayOut;
import dev.rookery.egress.WebAddress;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Demand;
import dev.rookery.policy.Taint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Built in: one HTTP request to a public host, with a secret by reference if need be. */
public final class HttpRequestTool implements Tool {
  public static final String NAME = "http_request";
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Sends one HTTP request and shows status, headers and body. Redirects are followed for"
              + " GET and HEAD on the same host only. Credentials are named, never written: give"
              + " secret, or write {{secret:NAME}} where the value belongs.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["url"], "properties": {
                "method": {"type": "string", "description": "GET when left out",
                  "enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]},
                "url": {"type": "string", "description": "https://…", "maxLength": 8192},
                "headers": {"type": "object", "additionalProperties": {"type": "string"},
                  "maxProperties": 50},
                "body": {"type": "string", "maxLength": 1048576,
                  "description": "sent as it is; JSON gets its Content-Type by itself"},
                "secret": {"type": "string", "maxLength": 64,
                  "description": "name of a secret, which is put where it belongs"},
                "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 300,
                  "description": "30 when left out"}}}
              """));

  private final WayOut way;

  public HttpRequestTool(WayOut way) {
    this.way = way;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public EffectClass effectClass() {
    return EffectClass.UNSAFE;
  }

  /** GET and HEAD change nothing, by the promise of HTTP. */
  @Override
  public EffectClass effectClass(JsonNode arguments) {
    return GuardedRequest.safe(method(arguments)) ? EffectClass.PURE : EffectClass.UNSAFE;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.NET_FETCH, Capability.NET_SEND);
  }

  @Override
  public List<Demand> demands(JsonNode arguments) {
    WebAddress address = WebAddress.read(arguments.path("url").asText());
    return List.of(
        new Demand.Http(method(arguments), address.host(), address.port(), address.path()));
  }

  @Override
  public Taint taint(Caller caller) {
    return Taint.UNTRUSTED;
  }

  /** What answers to a secret is not everybody's. */
  @Override
  public Taint taint(Call call) {
    boolean secret =
        call.arguments().hasNonNull("secret")
            || SecretInjection.names(Json.write(call.arguments()));
    return secret ? Taint.BOTH : Taint.UNTRUSTED;
  }

  @Override
  public ToolResult call(Call call) {
    JsonNode arguments = call.arguments();
    try {
      GuardedRequest request = request(arguments);
      Duration patience = Duration.ofSeconds(arguments.path("timeout_seconds").asInt(30));
      return WebCall.of(way, call)
          .perform(
              request,
              secret(arguments),
              new WebCall.Limits(patience, Terms.Redirects.SAME_HOST),
              WebAnswer::plain);
    } catch (Refusal e) {
      return WebCall.notMade(e.getMessage());
    }
  }

  private static @Nullable String secret(JsonNode arguments) {
    return arguments.hasNonNull("secret") ? arguments.path("secret").asText() : null;
  }

  private static String method(JsonNode arguments) {
    return arguments.path("method").asText("GET");
  }

  private static GuardedRequest request(JsonNode arguments) {
    List<HttpField> fields = new ArrayList<>();
    fields.add(new HttpField("User-Agent", "Rookery"));
    fields.add(new HttpField("Accept", "*/*"));
    for (var header : arguments.path("headers").properties()) {
      fields.removeIf(field -> field.is(header.getKey()));
      fields.add(new HttpField(header.getKey(), header.getValue().asText()));
    }
    String body = arguments.path("body").asText("");
    if (!body.isEmpty() && fields.stream().noneMatch(field -> field.is("Content-Type"))) {
      fields.add(new HttpField("Content-Type", typeOf(body)));
    }
    return new GuardedRequest(
        method(arguments),
        WebAddress.read(arguments.path("url").asText()),
        fields,
        body.isEmpty() ? Payload.none() : new Payload.Bytes(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String typeOf(String body) {
    try {
      Json.parse(body);
      return "application/json";
    } catch (Refusal e) {
      return "text/plain; charset=utf-8";
    }
  }
}
