package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verbs of {@code policies} for those with the trigger webhook. */
final class HookCommands {
  private HookCommands() {}

  /** What is shown once: the URL and the signing secret. */
  static void issued(Context context, JsonNode hook) {
    Output output = context.output();
    String path = hook.path("path").asText("");
    String url = hook.path("url").asText("");
    String secret = hook.path("signing_secret").asText("");
    if (!path.isEmpty() && !path.equals("null")) {
      boolean known = !url.isEmpty() && !url.equals("null");
      output.line("url             " + (known ? url : context.api().address().url() + path));
    }
    if (!secret.isEmpty() && !secret.equals("null")) {
      output.line("signing secret  " + secret);
    }
    output.note("Keep it now: it is not shown again. Another one: policies rotate-hook");
  }

  /** {@code policies rotate-hook}. */
  @Command(
      name = "rotate-hook",
      description = {
        "Give a webhook another URL and another signing secret, or one of them.",
        "The old ones end at once; the new ones are shown this once.",
      },
      footer = {
        "  rookery policies rotate-hook rook/deploys",
        "  rookery policies rotate-hook rook/deploys --keep-url --signing-secret-file secret.txt",
      })
  static final class Rotate implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    @Option(names = "--keep-url", description = "Only the signing secret changes.")
    private boolean keepUrl;

    @Option(names = "--keep-signing", description = "Only the URL changes.")
    private boolean keepSigning;

    @Option(
        names = "--signing-secret-file",
        paramLabel = "<file>",
        description = "The signing secret that the caller's side dictates; - is stdin.")
    private @Nullable String secretFile;

    Rotate(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (keepUrl && keepSigning) {
        throw CliFailure.usage("Give --keep-url or --keep-signing, not both.");
      }
      ObjectNode body = Json.object().put("token", !keepUrl).put("secret", !keepSigning);
      if (secretFile != null) {
        body.put("signing_secret", SecretText.ofFile(context.terminal(), secretFile).strip());
      }
      JsonNode hook = context.api().post(policy.route(context, "/hook"), body);
      context.output().one(hook, () -> issued(context, hook));
      return Exit.OK;
    }
  }

  /** {@code policies test-hook}. */
  @Command(
      name = "test-hook",
      description = {
        "Deliver a sample through the webhook's own door: signed, recorded, decided.",
        "It wakes the agent as any delivery does. Exit code 1 when it is not accepted.",
      },
      footer = {
        "  rookery policies test-hook rook/deploys",
        "  rookery policies test-hook rook/deploys --payload '{\"service\":\"shop\"}'",
      })
  static final class Test implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();

    @Option(
        names = "--payload",
        paramLabel = "<json>",
        description = "What is delivered: {…} or a JSON file; - is stdin.")
    private @Nullable String payload;

    Test(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode body = Json.object();
      if (payload != null) {
        body.set("payload", WakeOptions.json(context.terminal(), payload));
      }
      String id = policy.id(context);
      JsonNode answer = context.api().post(Route.of("policies/{}/hook/test", id), body);
      boolean ok = answer.path("status").asInt() == 200;
      Output output = context.output();
      output.one(
          answer,
          () -> {
            output.line(
                ok
                    ? "accepted as " + Output.text(answer, "event")
                    : "answered %s, %s"
                        .formatted(Output.text(answer, "status"), Output.text(answer, "code")));
            output.note(
                "What became of it: %s policies deliveries %s".formatted(Program.name(), id));
          });
      return ok ? Exit.OK : Exit.FAILED;
    }
  }

  /** {@code policies deliveries}. */
  @Command(
      name = "deliveries",
      description = "List the last deliveries to a webhook: accepted, repeated and rejected ones.",
      footer = {
        "  rookery policies deliveries rook/deploys",
        "  rookery policies deliveries rook/deploys --json=at,door,code,decision,run",
      })
  static final class Deliveries implements Callable<Integer> {
    private final Context context;
    @Mixin private PolicyRef policy = new PolicyRef();
    @Mixin private Listing listing = new Listing();

    Deliveries(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode page = context.api().get(listing.page(policy.route(context, "/deliveries")));
      Output output = context.output();
      output.list(
          page,
          List.of(
              output.since("AT", "at"),
              Column.field("DOOR", "door"),
              Column.field("CODE", "code"),
              Column.field("DECISION", "decision"),
              Column.field("RUN", "run"),
              Column.field("WHY", "why")));
      return Exit.OK;
    }
  }
}
