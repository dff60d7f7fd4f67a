package dev.rookery.tools;

import dev.rookery.egress.Ending;
import dev.rookery.egress.GuardedClient;
import dev.rookery.egress.GuardedRequest;
import dev.rookery.egress.HttpField;
import dev.rookery.egress.Payload;
import dev.rookery.egress.Reach;
import dev.rookery.egress.Terms;
import dev.rookery.egress.WebAddress;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.models.Cancellation;
import dev.rookery.models.ToolSpec;
import dev.rookery.secrets.Redactor;
import dev.rookery.secrets.Vault;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A tool that an organization offers over HTTP: arguments go in as JSON, text comes out. */
final class HttpTool implements Tool {
  private static final int SHOWN_OF_ERRORS = 2_000;

  private final DefinedTool tool;
  private final Vault vault;
  private final GuardedClient client;

  HttpTool(DefinedTool tool, Vault vault, GuardedClient client) {
    this.tool = tool;
    this.vault = vault;
    this.client = client;
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
    try {
      Secretive sent = request(call);
      return switch (exchange(sent, call.cancellation())) {
        case Ending.Answered<Shown>(var answer) -> result(answer);
        case Ending.NotSent<Shown>(var why) -> notMade(why + hint(why));
        case Ending.Broken<Shown>(var why) -> broken(why);
      };
    } catch (Refusal e) {
      return notMade(e.getMessage());
    } catch (Vault.BadSecret e) {
      return notMade(
          "a secret header of the tool cannot be opened; an administrator must set it again");
    }
  }

  private static ToolResult notMade(String why) {
    return ToolResult.error("The call was not made: " + why + (why.endsWith(".") ? "" : "."));
  }

  private static String hint(String why) {
    return why.endsWith("special network")
        ? "; an administrator can permit that for this tool with allow_private"
        : "";
  }

  /** Status and text, as much of it as is shown. */
  private record Shown(int status, String body) {}

  /** A request with the values that its answer must not repeat. */
  private record Secretive(GuardedRequest request, Redactor redactor) {}

  private Ending<Shown> exchange(Secretive sent, Cancellation cancellation) {
    Endpoint endpoint = tool.endpoint();
    Reach reach = new Reach(true, endpoint.allowPrivate());
    return client.perform(
        sent.request(),
        new Terms(reach, endpoint.timeout(), 2L * CappedBody.READ, Terms.Redirects.NONE),
        sent.redactor(),
        cancellation,
        answer -> new Shown(answer.status(), CappedBody.read(answer.body()).text()));
  }

  private Secretive request(Call call) {
    Endpoint endpoint = tool.endpoint();
    byte[] body = Json.write(call.arguments()).getBytes(StandardCharsets.UTF_8);
    return addressed(endpoint.method(), endpoint.url(), call, new Payload.Bytes(body));
  }

  private static ToolResult result(Shown answer) {
    if (answer.status() / 100 == 2) {
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
    if (lookup == null) {
      return new Found.CannotTell();
    }
    try {
      URI asked = keyed(lookup, call.idempotencyKey());
      Secretive sent = addressed("GET", asked, call, Payload.none());
      return switch (exchange(sent, Cancellation.NEVER)) {
        case Ending.Answered<Shown>(Shown(int status, var body)) when status == 200 ->
            new Found.Happened(ToolResult.ok(body));
        case Ending.Answered<Shown>(Shown(int status, _)) when status == 404 -> new Found.Absent();
        case Ending.Answered<Shown> _, Ending.NotSent<Shown> _, Ending.Broken<Shown> _ ->
            new Found.CannotTell();
      };
    } catch (Refusal | Vault.BadSecret e) {
      return new Found.CannotTell();
    }
  }

  private static URI keyed(URI lookup, String key) {
    String separator = lookup.getRawQuery() == null ? "?" : "&";
    return URI.create(
        lookup + separator + "idempotency_key=" + URLEncoder.encode(key, StandardCharsets.UTF_8));
  }

  private Secretive addressed(String method, URI url, Call call, Payload payload) {
    List<HttpField> fields = new ArrayList<>();
    fields.add(new HttpField("User-Agent", "Rookery"));
    fields.add(new HttpField("Accept", "application/json, text/*;q=0.9"));
    fields.add(new HttpField("Idempotency-Key", call.idempotencyKey()));
    fields.add(new HttpField("X-Rookery-Run", call.caller().run().value()));
    fields.add(new HttpField("X-Rookery-Step", Integer.toString(call.caller().step())));
    if (!(payload instanceof Payload.None)) {
      fields.add(new HttpField("Content-Type", "application/json"));
    }
    Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    tool.sealed()
        .forEach(
            (header, envelope) ->
                values.put(
                    header,
                    vault.open(DefinedTool.secret(tool.org(), tool.id(), header), envelope)));
    fields.removeIf(field -> values.containsKey(field.name()));
    values.forEach((header, value) -> fields.add(new HttpField(header, value)));
    WebAddress address = WebAddress.read(url.toString());
    return new Secretive(
        new GuardedRequest(method, address, fields, payload), Redactor.ofHeaders(values));
  }
}
