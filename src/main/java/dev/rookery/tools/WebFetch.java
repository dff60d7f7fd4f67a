package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.egress.GuardedRequest;
import dev.rookery.egress.HttpField;
import dev.rookery.egress.Payload;
import dev.rookery.egress.Terms;
import dev.rookery.egress.WayOut;
import dev.rookery.egress.WebAddress;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Demand;
import dev.rookery.policy.Taint;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Built in: a page of the web as readable text. */
public final class WebFetch implements Tool {
  public static final String NAME = "web_fetch";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Fetches a page and shows it as Markdown, with its title and links. Redirects are"
              + " followed on the same host; one to another host is shown, to be fetched by its own"
              + " address.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "required": ["url"], "properties": {
                "url": {"type": "string", "description": "https://…", "maxLength": 8192}}}
              """));

  private final WayOut way;

  public WebFetch(WayOut way) {
    this.way = way;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public EffectClass effectClass() {
    return EffectClass.PURE;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.NET_FETCH);
  }

  @Override
  public List<Demand> demands(JsonNode arguments) {
    WebAddress address = WebAddress.read(arguments.path("url").asText());
    return List.of(new Demand.Http("GET", address.host(), address.port(), address.path()));
  }

  @Override
  public Taint taint(Caller caller) {
    return Taint.UNTRUSTED;
  }

  @Override
  public ToolResult call(Call call) {
    try {
      GuardedRequest request =
          new GuardedRequest(
              "GET",
              WebAddress.read(call.arguments().path("url").asText()),
              List.of(
                  new HttpField("User-Agent", "Rookery"),
                  new HttpField("Accept", "text/html, text/*;q=0.9, application/json;q=0.9")),
              Payload.none());
      return WebCall.of(way, call)
          .perform(
              request,
              null,
              new WebCall.Limits(PATIENCE, Terms.Redirects.SAME_HOST),
              WebAnswer::readable);
    } catch (Refusal e) {
      return WebCall.notMade(e.getMessage());
    }
  }
}
