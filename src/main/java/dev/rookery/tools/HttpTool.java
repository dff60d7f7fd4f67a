package dev.rookery.tools;

import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import dev.rookery.models.Cancellation;
import dev.rookery.models.ToolSpec;
import dev.rookery.secrets.Vault;
import dev.rookery.tools.GuardedExchange.Ending;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A tool that an organization offers over HTTP: arguments go in as JSON, text comes out. */
final class HttpTool implements Tool {
  private static final int SHOWN_OF_ERRORS = 2_000;

  private final DefinedTool tool;
  private final Vault vault;

  HttpTool(DefinedTool tool, Vault vault) {
    this.tool = tool;
    this.vault = vault;
  }

  @Override
  public ToolSpec spec() {
    return tool.spec();
  }

  @Override
  public EffectClass effectClass() {
    return tool.effectClass();
  }

  @Override
  public ToolResult call(Call call) {
    String violations = ArgumentSchema.of(spec().schema()).violations(call.arguments());
    if (!violations.isEmpty()) {
      return ToolResult.error("The arguments do not fit the tool's schema: " + violations);
    }
    Endpoint endpoint = tool.endpoint();
    String refused = refusal(endpoint.url());
    if (refused != null) {
      return ToolResult.error("The call was not made: " + refused);
    }
    HttpRequest request;
    try {
      request = request(call);
    } catch (Vault.BadSecret e) {
      return ToolResult.error(
          "The call was not made: a secret header of the tool cannot be opened; an administrator"
              + " must set it again.");
    }
    return switch (GuardedExchange.perform(request, endpoint.timeout(), call.cancellation())) {
      case Ending.Answered answer -> result(answer);
      case Ending.NotSent(var why) -> ToolResult.error("The call was not made: " + why + ".");
      case Ending.Broken(var why) -> broken(why);
    };
  }

  private HttpRequest request(Call call) {
    Endpoint endpoint = tool.endpoint();
    return addressed(endpoint.url(), call)
        .header("Content-Type", "application/json")
        .method(
            endpoint.method(), HttpRequest.BodyPublishers.ofString(Json.write(call.arguments())))
        .build();
  }

  private static ToolResult result(Ending.Answered answer) {
    if (answer.ok()) {
      return ToolResult.ok(answer.body());
    }
    return ToolResult.error(
        "The tool answered HTTP "
            + answer.status()
            + (answer.status() / 100 == 3 ? " (redirects are not followed)" : "")
            + ": "
            + Text.brief(answer.body(), SHOWN_OF_ERRORS));
  }

  private ToolResult broken(String why) {
    return switch (effectClass()) {
      case PURE, KEYED ->
          ToolResult.error("The call failed: " + why + ". It is safe to call the tool again.");
      case RECONCILABLE, SANDBOX, UNSAFE ->
          throw new OutcomeUnknown(
              "Tool " + spec().name() + ": " + why + "; it may or may not have taken effect.");
    };
  }

  @Override
  public Found lookUp(Call call) {
    URI lookup = tool.endpoint().lookupUrl();
    if (lookup == null || refusal(lookup) != null) {
      return new Found.CannotTell();
    }
    HttpRequest request;
    try {
      request = addressed(keyed(lookup, call.idempotencyKey()), call).GET().build();
    } catch (Vault.BadSecret e) {
      return new Found.CannotTell();
    }
    Ending ending = GuardedExchange.perform(request, tool.endpoint().timeout(), Cancellation.NEVER);
    return switch (ending) {
      case Ending.Answered(int status, var body) when status == 200 ->
          new Found.Happened(ToolResult.ok(body));
      case Ending.Answered(int status, _) when status == 404 -> new Found.Absent();
      case Ending.Answered _, Ending.NotSent _, Ending.Broken _ -> new Found.CannotTell();
    };
  }

  private static URI keyed(URI lookup, String key) {
    String separator = lookup.getRawQuery() == null ? "?" : "&";
    return URI.create(
        lookup + separator + "idempotency_key=" + URLEncoder.encode(key, StandardCharsets.UTF_8));
  }

  private HttpRequest.Builder addressed(URI url, Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("User-Agent", "Rookery")
            .header("Accept", "application/json, text/*;q=0.9")
            .header("Idempotency-Key", call.idempotencyKey())
            .header("X-Rookery-Run", call.caller().run().value())
            .header("X-Rookery-Step", Integer.toString(call.caller().step()));
    tool.sealed()
        .forEach(
            (header, envelope) ->
                request.setHeader(
                    header,
                    vault.open(DefinedTool.secret(tool.org(), tool.id(), header), envelope)));
    return request;
  }

  /** Why the URL is not called, or null. Decided after resolution, on all addresses of the name. */
  private @Nullable String refusal(URI url) {
    if (tool.endpoint().allowPrivate()) {
      return null;
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
        if (!AddressRules.isPublic(address.getAddress())) {
          return url.getHost()
              + " is in a private or special network; an administrator can permit that for this"
              + " tool with allow_private.";
        }
      }
      return null;
    } catch (UnknownHostException e) {
      return "the name " + url.getHost() + " is not known.";
    }
  }
}
