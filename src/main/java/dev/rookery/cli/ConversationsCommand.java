package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Conversations: where agents are spoken to. */
@Command(
    name = "conversations",
    description = "Look at conversations and at what was said in them.",
    subcommands = {ConversationsCommand.ListTalks.class, ConversationsCommand.Show.class},
    footer = {
      "  rookery conversations list --agent rook",
      "  rookery conversations show cli:shop",
    })
final class ConversationsCommand {

  /** {@code conversations list}. */
  @Command(
      name = "list",
      description = "List conversations, the one with the newest activity first.",
      footer = {
        "  rookery conversations list --agent rook",
        "  rookery conversations list --integration int_… --json=key,open_runs",
      })
  static final class ListTalks implements Callable<Integer> {
    private final Context context;

    @Option(
        names = "--agent",
        paramLabel = "<agent>",
        description = "Who had a run there: handle or id.")
    private @Nullable String agent;

    @Option(names = "--integration", paramLabel = "<id>", description = "Of one integration.")
    private @Nullable String integration;

    @Mixin private Listing listing = new Listing();

    ListTalks(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route = Route.of("conversations").with("agent", agent).with("integration", integration);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("KEY", "key"),
              Column.field("NAME", "name"),
              Column.field("CHANNEL", "channel"),
              Column.field("OPEN RUNS", "open_runs"),
              output.since("LAST ACTIVITY", "last_activity_at")));
      return Exit.OK;
    }
  }

  /** {@code conversations show}. */
  @Command(
      name = "show",
      description = "Show a conversation, what waits for a person in it, and what was said last.",
      footer = {
        "  rookery conversations show cli:shop",
        "  rookery conversations show telegram:int_…:123456789 --messages 100",
      })
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<key>", description = "Key of the conversation, or its id.")
    private String key = "";

    @Option(
        names = "--messages",
        paramLabel = "<n>",
        defaultValue = "20",
        description = "So many of the last messages, 1 to 200 (default: ${DEFAULT-VALUE}).")
    private int messages = 20;

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (messages < 1 || messages > 200) {
        throw CliFailure.usage("--messages is 1 to 200, not " + messages + ".");
      }
      JsonNode talk = context.api().get(Route.of("conversations/{}", id()));
      Output output = context.output();
      output.one(talk, () -> print(output, talk));
      return Exit.OK;
    }

    /** Keys have a colon, ids, which are keys in base64url, have none. */
    private String id() {
      return key.contains(":")
          ? Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(key.getBytes(StandardCharsets.UTF_8))
          : key;
    }

    private void print(Output output, JsonNode talk) {
      output.facts(
          List.of(
              new String[] {"conversation", Output.text(talk, "key")},
              new String[] {"id", Output.text(talk, "id")},
              new String[] {"name", Output.text(talk, "name")},
              new String[] {"channel", Output.text(talk, "channel")},
              new String[] {"integration", Output.text(talk, "integration")},
              new String[] {"open runs", Output.text(talk, "open_runs")},
              new String[] {"last activity", output.ago(talk.path("last_activity_at").asText(""))},
              new String[] {"cleared", output.ago(talk.path("cleared_at").asText(""))}));
      JsonNode page =
          context.api().get(Route.of("conversations/{}/messages", id()).with("limit", messages));
      List<JsonNode> said = new ArrayList<>();
      page.path("items").forEach(said::addFirst);
      output.heading("Said");
      output.table(
          said,
          List.of(
              output.since("AT", "at"),
              new Column("BY", Show::by),
              Column.field("RUN", "run"),
              Column.field("TEXT", "text")));
      talk.path("approvals")
          .forEach(
              approval ->
                  output.note(
                      "Waits for a person: rookery approvals show "
                          + Glyphs.line(Output.text(approval, "id"))));
    }

    private static String by(JsonNode said) {
      String name = Output.text(said, "name");
      return name.equals("-") ? Output.text(said, "from") : name;
    }
  }
}
