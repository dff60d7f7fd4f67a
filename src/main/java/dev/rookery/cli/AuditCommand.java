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

/** The audit log. */
@Command(
    name = "audit",
    description = "Look at who changed what, and verify that nobody changed the record since.",
    subcommands = {
      AuditCommand.ListRecords.class,
      AuditCommand.Show.class,
      AuditCommand.Verify.class,
      AuditCommand.Export.class
    },
    footer = {
      "  rookery audit list --action policy.",
      "  rookery audit verify",
      "  rookery audit export > audit.jsonl",
    })
final class AuditCommand {

  /** {@code audit list}. */
  @Command(
      name = "list",
      description = "List audit records, newest first.",
      footer = {
        "  rookery audit list --actor key_… --from 2027-01-31T00:00:00Z",
        "  rookery audit list --action member. --json-lines",
      })
  static final class ListRecords implements Callable<Integer> {
    private final Context context;

    @Option(
        names = "--actor",
        paramLabel = "<who>",
        description = "Id, name or kind: key, member, contact, agent, command_line.")
    private @Nullable String actor;

    @Option(
        names = "--action",
        paramLabel = "<start>",
        description = "How the action begins, such as policy.")
    private @Nullable String action;

    @Option(names = "--subject", paramLabel = "<id>", description = "What it was done to.")
    private @Nullable String subject;

    @Option(names = "--from", paramLabel = "<time>", description = "Not before, in ISO-8601.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "<time>", description = "Before, in ISO-8601.")
    private @Nullable String to;

    @Mixin private Listing listing = new Listing();

    ListRecords(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Route route =
          Route.of("audit")
              .with("actor", actor)
              .with("action", action)
              .with("subject", subject)
              .with("from", from)
              .with("to", to);
      JsonNode page = context.api().get(listing.page(route));
      Output output = context.output();
      output.list(
          page,
          List.of(
              Column.field("SEQ", "seq"),
              output.since("WHEN", "at"),
              new Column("WHO", AuditCommand::who),
              Column.field("ACTION", "action"),
              Column.field("SUBJECT", "subject")));
      return Exit.OK;
    }
  }

  private static String who(JsonNode record) {
    JsonNode actor = record.path("actor");
    return actor.path("kind").asText() + " " + actor.path("name").asText();
  }

  /** {@code audit show}. */
  @Command(
      name = "show",
      description = "Show one audit record.",
      footer = {"  rookery audit show 42"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "<seq>", description = "Number of the record.")
    private long seq;

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode record = context.api().get(Route.of("audit/{}", Long.toString(seq)));
      Output output = context.output();
      output.one(
          record,
          () ->
              output.facts(
                  List.of(
                      new String[] {"seq", Output.text(record, "seq")},
                      new String[] {"at", Output.text(record, "at")},
                      new String[] {"who", who(record)},
                      new String[] {"id", Output.text(record.path("actor"), "id")},
                      new String[] {"action", Output.text(record, "action")},
                      new String[] {"subject", Output.text(record, "subject")},
                      new String[] {"data", Json.write(record.path("data"))},
                      new String[] {"previous", Output.text(record, "prev_hash")},
                      new String[] {"hash", Output.text(record, "hash")})));
      return Exit.OK;
    }
  }

  /** {@code audit verify}. */
  @Command(
      name = "verify",
      description = {
        "Walk the chain: every record, its hash, its place, and the end.",
        "With what an earlier verification printed, also that the record of then is still there.",
        "Exit code 1 when something is wrong.",
      },
      footer = {"  rookery audit verify", "  rookery audit verify --seq 120 --hash 9f2c…"})
  static final class Verify implements Callable<Integer> {
    private final Context context;

    @Option(names = "--seq", paramLabel = "<n>", description = "Number of a record noted before.")
    private @Nullable Long seq;

    @Option(names = "--hash", paramLabel = "<hash>", description = "Its hash.")
    private @Nullable String hash;

    Verify(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if ((seq == null) != (hash == null)) {
        throw CliFailure.usage("Give both --seq and --hash, or none of them.");
      }
      JsonNode found =
          context.api().get(Route.of("audit/verification").with("seq", seq).with("hash", hash));
      boolean whole = found.path("ok").asBoolean();
      Output output = context.output();
      output.one(
          found,
          () -> {
            if (whole) {
              output.line(
                  "The audit log is whole: %s records.".formatted(Output.text(found, "seq")));
              output.note(
                  "Note this elsewhere: --seq %s --hash %s"
                      .formatted(Output.text(found, "seq"), Output.text(found, "hash")));
            } else {
              output.line(
                  "The audit log is broken at record %s (%s): %s"
                      .formatted(
                          Output.text(found, "seq"),
                          Output.text(found, "flaw"),
                          Glyphs.line(Output.text(found, "problem"))));
              output.note("Keep the database as it is, and compare it with its backups.");
            }
          });
      return whole ? Exit.OK : Exit.FAILED;
    }
  }

  /** {@code audit export}. */
  @Command(
      name = "export",
      description = {
        "Print all records as they were hashed, one JSON object per line, oldest first.",
        "docs/audit.md says how to verify them without Rookery.",
      },
      footer = {
        "  rookery audit export > audit.jsonl",
        "  rookery audit export --after 120 >> audit.jsonl"
      })
  static final class Export implements Callable<Integer> {
    private static final int PAGE = 200;
    private final Context context;

    @Option(
        names = "--after",
        paramLabel = "<n>",
        defaultValue = "0",
        description = "Begin after this number (default: the beginning).")
    private long after;

    Export(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Output output = context.output();
      long seen = after;
      while (true) {
        JsonNode page =
            context.api().get(Route.of("audit/export").with("after", seen).with("limit", PAGE));
        page.path("items").forEach(line -> output.line(Json.canonical(line)));
        if (page.path("items").size() < PAGE) {
          return Exit.OK;
        }
        seen = page.path("next_after").asLong();
      }
    }
  }
}
