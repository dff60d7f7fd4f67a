package dev.rookery.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code policies edit}. */
@Command(
    name = "edit",
    description = "Change what is given and leave the rest. Settings go with their trigger.",
    footer = {
      "  rookery policies edit rook/report --prompt 'Plan the day, and the next one.'",
      "  rookery policies edit rook/report --every 2h --set missed=run_last",
      "  rookery policies edit rook/report --clear filter",
    })
final class PolicyEdit implements Callable<Integer> {
  private final Context context;
  @Mixin private PolicyRef policy = new PolicyRef();

  @Option(names = "--name", paramLabel = "<name>", description = "Its new name.")
  private @Nullable String name;

  @Option(
      names = "--clear",
      paramLabel = "<field>",
      description = "Set a field, or a setting of the trigger, back to its default; repeatable.")
  private List<String> cleared = new ArrayList<>();

  @Mixin private WakeOptions wake = new WakeOptions();
  @Mixin private MeetOptions meet = new MeetOptions();
  private static final List<String> FIELDS =
      List.of(
          "filter",
          "resource_ids",
          "tool_ids",
          "mode",
          "gate",
          "debounce_ms",
          "cooldown_ms",
          "cooldown_messages",
          "rate");

  PolicyEdit(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ObjectNode body = wake.body(context.terminal());
    meet.into(body);
    if (name != null) {
      body.put("name", name);
    }
    for (String field : cleared) {
      if (FIELDS.contains(field)) {
        body.putNull(field);
      } else {
        body.withObject("/config").putNull(field);
      }
    }
    if (body.isEmpty()) {
      throw CliFailure.usage("Say what to change, such as --prompt, --every or --name.");
    }
    return PoliciesCommand.print(context, context.api().patch(policy.route(context, ""), body));
  }
}
