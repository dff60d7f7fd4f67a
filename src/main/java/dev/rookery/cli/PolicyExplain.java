package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.policy.CallText;
import dev.rookery.policy.Circumstances;
import dev.rookery.policy.Grant;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.policy.PolicyDecider;
import dev.rookery.policy.Ruleset;
import dev.rookery.policy.Ruling;
import dev.rookery.policy.Taint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy explain}. With rules on the line it needs no server. */
@Command(
    name = "explain",
    description = {
      "Say what the rules say about a call, without making it: of an agent, or of rules given here.",
      "Calls: bash(…), read(path), write(path), http(GET https://…), mcp(server/tool),"
          + " send(channel conversation), or a tool's name.",
    },
    footer = {
      "  rookery policy explain --agent rook 'bash(rm -rf /)'",
      "  rookery policy explain rook web_fetch --arguments '{\"url\":\"https://example.org\"}'",
      "  rookery policy explain --allow 'bash(git *)' --deny 'bash(rm *)' 'bash(git log; rm x)'",
    })
final class PolicyExplain implements Callable<Integer> {
  private final Context context;

  @Parameters(
      arity = "0..2",
      paramLabel = "[<agent>] <call>",
      description = "The call; before it the agent, if --agent does not name it.")
  private List<String> words = new ArrayList<>();

  @Option(names = "--agent", paramLabel = "<agent>", description = "Handle or id.")
  private @Nullable String agent;

  @Option(
      names = "--arguments",
      paramLabel = "<json>",
      description = "Arguments of the tool, a JSON object.")
  private @Nullable String arguments;

  @Option(
      names = "--command",
      paramLabel = "<line>",
      description = "Short for the call bash(<line>).")
  private @Nullable String command;

  @Option(names = "--allow", paramLabel = "<rule>", description = "A rule that allows; repeatable.")
  private List<String> allow = new ArrayList<>();

  @Option(names = "--ask", paramLabel = "<rule>", description = "A rule that asks; repeatable.")
  private List<String> ask = new ArrayList<>();

  @Option(names = "--deny", paramLabel = "<rule>", description = "A rule that denies; repeatable.")
  private List<String> deny = new ArrayList<>();

  @Option(names = "--unattended", description = "As if nobody were there to be asked.")
  private boolean unattended;

  @Option(
      names = "--tainted",
      description = "As if the run held words of strangers and private data.")
  private boolean tainted;

  PolicyExplain(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    boolean given = !allow.isEmpty() || !ask.isEmpty() || !deny.isEmpty();
    List<String> left = new ArrayList<>(words);
    String of = agent;
    if (of == null && !given && left.size() > (command == null ? 1 : 0)) {
      of = left.removeFirst();
    }
    String call =
        command != null ? "bash(" + command + ")" : left.isEmpty() ? null : left.removeFirst();
    if (call == null || !left.isEmpty()) {
      throw CliFailure.usage("Give one call, such as 'bash(git push)' or a tool's name.");
    }
    if (given == (of != null)) {
      throw CliFailure.usage(
          "Name an agent (--agent), or give rules (--allow, --ask, --deny): one of both.");
    }
    JsonNode ruling = of == null ? here(call) : there(of, call);
    Output output = context.output();
    output.one(ruling, () -> print(output, ruling));
    return Exit.OK;
  }

  private JsonNode there(String of, String call) {
    ObjectNode body =
        Json.object()
            .put("agent", of)
            .put("call", call)
            .put("attended", !unattended)
            .put("untrusted", tainted)
            .put("confidential", tainted);
    if (arguments != null) {
      JsonNode json = Json.parse(arguments);
      if (!json.isObject()) {
        throw CliFailure.usage("--arguments is not a JSON object.");
      }
      body.set("arguments", json);
    }
    return context.api().post(Route.of("policy/explain"), body);
  }

  private JsonNode here(String call) {
    if (arguments != null) {
      throw CliFailure.usage("--arguments needs --agent: tools are known to the server.");
    }
    List<Grant> grants = new ArrayList<>();
    allow.forEach(rule -> grants.add(new Grant(rule, Verdict.ALLOW)));
    ask.forEach(rule -> grants.add(new Grant(rule, Verdict.ASK)));
    deny.forEach(rule -> grants.add(new Grant(rule, Verdict.DENY)));
    Circumstances now = new Circumstances(!unattended, tainted ? Taint.BOTH : Taint.NONE);
    Ruling ruling = PolicyDecider.explain(Ruleset.of(grants), CallText.read(call), now);
    ObjectNode json =
        Json.object()
            .put("verdict", ruling.verdict().label())
            .put("rule", text(ruling.rule()))
            .put("why", ruling.why());
    var parts = json.putArray("parts");
    ruling
        .parts()
        .forEach(
            part ->
                parts
                    .addObject()
                    .put("command", part.what())
                    .put("verdict", part.verdict().label())
                    .put("rule", text(part.rule()))
                    .put("why", part.why()));
    return json;
  }

  private static @Nullable String text(@Nullable Grant grant) {
    return grant == null ? null : grant.toString();
  }

  private static void print(Output output, JsonNode ruling) {
    output.facts(
        List.of(
            new String[] {"verdict", Output.text(ruling, "verdict")},
            new String[] {"rule", Output.text(ruling, "rule")},
            new String[] {"id", Output.text(ruling, "rule_id")},
            new String[] {"why", Output.text(ruling, "why")},
            new String[] {"offered", Output.text(ruling, "offered")}));
    if (!ruling.path("parts").isEmpty()) {
      output.heading("Commands");
      output.table(
          ruling.path("parts"),
          List.of(
              Output.Column.field("VERDICT", "verdict"),
              Output.Column.field("RULE", "rule"),
              Output.Column.field("COMMAND", "command")));
    }
  }
}
