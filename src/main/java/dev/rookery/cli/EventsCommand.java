package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.cli.Output.Column;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Events: what came in, and what was decided about it. */
@Command(
    name = "events",
    description = "Look at what came in and why it woke somebody, or nobody.",
    subcommands = {
      EventsCommand.ListEvents.class,
      EventsCommand.Show.class,
      EventsCommand.Replay.class
    },
    footer = {
      "  rookery events list",
      "  rookery events show evt_…",
      "  rookery events list --dispatch dead -q | xargs -n1 rookery events replay",
    })
final class EventsCommand {

  /** How far the event went. */
  enum Dispatch {
    pending,
    dispatched,
    dead
  }

  /** {@code events list}. */
  @Command(
      name = "list",
      description = "List events, newest first.",
      footer = {"  rookery events list", "  rookery events list --dispatch dead"})
  static final class ListEvents implements Callable<Integer> {
    private final Context context;

    @Option(names = "--conversation", paramLabel = "<key>", description = "Of one conversation.")
    private @Nullable String conversation;

    @Option(
        names = "--dispatch",
        paramLabel = "<state>",
        description = "${COMPLETION-CANDIDATES}; dead ones can be replayed.")
    private @Nullable Dispatch dispatch;

    @Mixin private Listing listing = new Listing();

    ListEvents(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route =
          Route.of("events").with("conversation", conversation).with("dispatch", dispatch);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("ID", "id"),
              output.since("RECEIVED", "received_at"),
              Column.field("SOURCE", "source"),
              Column.field("TYPE", "type"),
              new Column("FROM", EventsCommand::actor),
              Column.field("DISPATCH", "dispatch"),
              Column.field("TEXT", "text")));
      return Exit.OK;
    }
  }

  /** {@code events show}. */
  @Command(
      name = "show",
      description = "Show one event and every decision about it, also those to do nothing.",
      footer = {"  rookery events show evt_…", "  rookery events show evt_… --json=activations"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<event>", description = "Id of the event.")
    private String id = "";

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode event = context.api().get(Route.of("events/{}", id));
      Output output = context.output();
      output.one(event, () -> print(output, event));
      return Exit.OK;
    }

    private static void print(Output output, JsonNode event) {
      output.facts(
          List.of(
              new String[] {"event", Output.text(event, "id")},
              new String[] {"source", Output.text(event, "source")},
              new String[] {"type", Output.text(event, "type")},
              new String[] {"conversation", Output.text(event, "conversation")},
              new String[] {"from", actor(event)},
              new String[] {"trust", Output.text(event, "trust")},
              new String[] {"addressed", Output.text(event, "addressed")},
              new String[] {"received", output.ago(event.path("received_at").asText(""))},
              new String[] {"dispatch", Output.text(event, "dispatch")},
              new String[] {"error", Output.text(event, "dispatch_error")}));
      output.heading("Text");
      output.line(Glyphs.harmless(event.path("text").asText("")));
      output.heading("Decisions");
      output.table(
          event.path("activations"),
          List.of(
              Column.field("AGENT", "agent"),
              Column.field("DECISION", "decision"),
              Column.field("REASON", "reason"),
              Column.field("RUN", "run"),
              Column.field("WHY", "why")));
      if (!event.path("artifacts").isEmpty()) {
        output.heading("Attachments");
        output.table(
            event.path("artifacts"),
            List.of(
                Column.field("ID", "id"),
                Column.field("KIND", "kind"),
                Column.field("NAME", "name")));
      }
    }
  }

  /** {@code events replay}. */
  @Command(
      name = "replay",
      description = "Dispatch a dead letter again, after its cause was mended.",
      footer = {"  rookery events replay evt_…"})
  static final class Replay implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<event>", description = "Id of the event.")
    private String id = "";

    Replay(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode answer = context.api().post(Route.of("events/{}/replay", id), Json.object());
      JsonNode result = answer.isObject() ? answer : Json.object().put("id", id);
      Output output = context.output();
      output.one(
          result,
          () ->
              output.line(
                  "Event %s is dispatched again; see: %s events show %s"
                      .formatted(Glyphs.line(id), Program.name(), Glyphs.line(id))));
      return Exit.OK;
    }
  }

  private static String actor(JsonNode event) {
    JsonNode actor = event.path("actor");
    String name = actor.path("name").asText("");
    String kind = actor.path("kind").asText("");
    return name.isEmpty() ? kind : kind.isEmpty() ? name : name + " (" + kind + ")";
  }
}
