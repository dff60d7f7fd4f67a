package dev.rookery.cli;

import dev.rookery.bench.BenchCommand;
import dev.rookery.demo.DemoCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Every command of {@code rookery}. Only the classes of what was called are loaded. */
final class CommandTree {
  private static final Map<String, Class<?>> COMMANDS = commands();

  private static final int HELP_WIDTH = 100;

  /** Examples first: people come to a help text for a line to paste. */
  private static final List<String> HELP =
      List.of(
          UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
          UsageMessageSpec.SECTION_KEY_FOOTER,
          UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
          UsageMessageSpec.SECTION_KEY_SYNOPSIS,
          UsageMessageSpec.SECTION_KEY_DESCRIPTION_HEADING,
          UsageMessageSpec.SECTION_KEY_DESCRIPTION,
          UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
          UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_OPTION_LIST,
          UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_COMMAND_LIST);

  private CommandTree() {}

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("up", UpCommand.class);
    commands.put("demo", DemoCommand.class);
    commands.put("bench", BenchCommand.class);
    commands.put("doctor", DoctorCommand.class);
    commands.put("init", InitCommand.class);
    commands.put("status", StatusCommand.class);
    commands.put("chat", ChatCommand.class);
    commands.put("ask", AskCommand.class);
    commands.put("agents", AgentsCommand.class);
    commands.put("integrations", IntegrationsCommand.class);
    commands.put("tools", ToolsCommand.class);
    commands.put("budgets", BudgetsCommand.class);
    commands.put("spend", SpendCommand.class);
    commands.put("policies", PoliciesCommand.class);
    commands.put("policy", PolicyCommand.class);
    commands.put("schedules", SchedulesCommand.class);
    commands.put("tasks", TasksCommand.class);
    commands.put("files", FilesCommand.class);
    commands.put("checkpoints", CheckpointsCommand.class);
    commands.put("secrets", SecretsCommand.class);
    commands.put("network", NetworkCommand.class);
    commands.put("keys", KeysCommand.class);
    commands.put("members", MembersCommand.class);
    commands.put("audit", AuditCommand.class);
    commands.put("runs", RunsCommand.class);
    commands.put("work", WorkCommand.class);
    commands.put("conversations", ConversationsCommand.class);
    commands.put("artifacts", ArtifactsCommand.class);
    commands.put("workers", WorkersCommand.class);
    commands.put("approvals", ApprovalsCommand.class);
    commands.put("events", EventsCommand.class);
    commands.put("deliveries", DeliveriesCommand.class);
    commands.put("tail", TailCommand.class);
    commands.put("completion", CompletionCommand.class);
    commands.put("warm-up", WarmUpCommand.class);
    return commands;
  }

  /** The tree as far as these arguments need it. */
  static CommandLine of(Context context, String... args) {
    List<String> named = Arrays.stream(args).filter(COMMANDS::containsKey).toList();
    List<String> needed =
        named.isEmpty() || named.contains("completion") ? List.copyOf(COMMANDS.keySet()) : named;
    return of(context, needed, List.of(args).contains("--no-color"));
  }

  static CommandLine whole(Context context) {
    return of(context, List.copyOf(COMMANDS.keySet()), false);
  }

  private static CommandLine of(Context context, List<String> names, boolean plain) {
    CommandLine.IFactory factory = new CommandFactory(context);
    CommandLine root = new CommandLine(new Root(context), factory);
    COMMANDS.forEach(
        (name, type) -> {
          if (names.contains(name)) {
            root.addSubcommand(name, new CommandLine(type, factory));
          }
        });
    examplesFirst(root.getCommandSpec());
    Failures failures = new Failures(context);
    return root.setHelpSectionKeys(HELP)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                context.style().colour() && !plain ? Ansi.ON : Ansi.OFF))
        .setOut(utf8(context.terminal().out()))
        .setErr(utf8(context.terminal().err()))
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static void examplesFirst(CommandSpec command) {
    command
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .width(HELP_WIDTH)
        .footerHeading("Examples:%n")
        .synopsisHeading("%nUsage: ")
        .descriptionHeading("%n")
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n");
    command.subcommands().values().forEach(sub -> examplesFirst(sub.getCommandSpec()));
  }
}
