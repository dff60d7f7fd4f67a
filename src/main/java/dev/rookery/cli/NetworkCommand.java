package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where sandboxes may connect. */
@Command(
    name = "network",
    description = "Show and set where the sandbox of an agent may connect.",
    subcommands = {
      NetworkCommand.Show.class,
      NetworkCommand.SetPreset.class,
      NetworkCommand.Allow.class,
      NetworkCommand.Deny.class,
      NetworkCommand.Forget.class
    },
    footer = {
      "  rookery network show rook",
      "  rookery network set rook github-only",
      "  rookery network allow rook api.example.org",
    })
final class NetworkCommand {

  /** What all of these commands name first. */
  abstract static class OfAgent implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<agent>", description = "Handle or id of the agent.")
    private String agent = "";

    OfAgent(Context context) {
      this.context = context;
    }

    abstract JsonNode ask(Api api);

    String agent() {
      return agent;
    }

    @Override
    public Integer call() {
      JsonNode policy = ask(context.api());
      Output output = context.output();
      output.one(
          policy,
          () -> {
            output.line("preset " + Output.text(policy, "preset"));
            policy.path("rules").forEach(rule -> output.line("  " + sentence(rule)));
          });
      return Exit.OK;
    }

    private static String sentence(JsonNode rule) {
      return Glyphs.line(
          "%-5s %s%s%s%s%s"
              .formatted(
                  rule.path("verdict").asText(),
                  rule.path("host").asText(),
                  rule.hasNonNull("port") ? ":" + rule.path("port").asInt() : "",
                  rule.path("plain_http").asBoolean() ? ", plain http" : "",
                  rule.path("private_networks").asBoolean() ? ", private networks" : "",
                  rule.path("own").asBoolean() ? "" : "  (preset)"));
    }
  }

  /** {@code network show}. */
  @Command(
      name = "show",
      description = "Show the rules, in the order in which they decide.",
      footer = {"  rookery network show rook", "  rookery network show rook --json=preset"})
  static final class Show extends OfAgent {
    Show(Context context) {
      super(context);
    }

    @Override
    JsonNode ask(Api api) {
      return api.get(Route.of("agents/{}/network", agent()));
    }
  }

  /** {@code network set}. */
  @Command(
      name = "set",
      description = {
        "Set the preset: lockdown, github-only, development or unrestricted.",
        "Rules of the agent's own stay before it.",
      },
      footer = {"  rookery network set rook github-only", "  rookery network set rook lockdown"})
  static final class SetPreset extends OfAgent {
    @Parameters(index = "1", paramLabel = "<preset>", description = "One of the four.")
    private String preset = "";

    SetPreset(Context context) {
      super(context);
    }

    @Override
    JsonNode ask(Api api) {
      return api.put(Route.of("agents/{}/network", agent()), Json.object().put("preset", preset));
    }
  }

  /** {@code network allow}. */
  @Command(
      name = "allow",
      description = "Allow a host, before all other rules.",
      footer = {
        "  rookery network allow rook api.example.org",
        "  rookery network allow rook '*.example.org' --port 8443",
        "  rookery network allow rook build.internal --port 8080 --plain-http --private",
      })
  static final class Allow extends OfAgent {
    @Parameters(index = "1", paramLabel = "<host>", description = "A name, or *. and a name.")
    private String host = "";

    @Option(names = "--port", paramLabel = "<port>", description = "Only this one (default: 443).")
    private @Nullable Integer port;

    @Option(names = "--plain-http", description = "Permit unencrypted requests to it.")
    private boolean plainHttp;

    @Option(names = "--private", description = "It may be in a private network.")
    private boolean privateNetworks;

    Allow(Context context) {
      super(context);
    }

    @Override
    JsonNode ask(Api api) {
      ObjectNode rule =
          Json.object()
              .put("verdict", "allow")
              .put("host", host)
              .put("port", port)
              .put("plain_http", plainHttp)
              .put("private_networks", privateNetworks);
      return api.post(Route.of("agents/{}/network/rules", agent()), rule);
    }
  }

  /** {@code network deny}. */
  @Command(
      name = "deny",
      description = "Deny a host, before all other rules.",
      footer = {"  rookery network deny rook gist.github.com"})
  static final class Deny extends OfAgent {
    @Parameters(index = "1", paramLabel = "<host>", description = "A name, or *. and a name.")
    private String host = "";

    Deny(Context context) {
      super(context);
    }

    @Override
    JsonNode ask(Api api) {
      ObjectNode rule = Json.object().put("verdict", "deny").put("host", host);
      return api.post(Route.of("agents/{}/network/rules", agent()), rule);
    }
  }

  /** {@code network forget}. */
  @Command(
      name = "forget",
      description = "Remove the agent's own rules on a host.",
      footer = {"  rookery network forget rook gist.github.com"})
  static final class Forget extends OfAgent {
    @Parameters(index = "1", paramLabel = "<host>", description = "As the rule spells it.")
    private String host = "";

    Forget(Context context) {
      super(context);
    }

    @Override
    JsonNode ask(Api api) {
      return api.delete(Route.of("agents/{}/network/rules", agent()).with("host", host));
    }
  }
}
