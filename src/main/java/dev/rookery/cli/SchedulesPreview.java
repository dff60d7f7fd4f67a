package dev.rookery.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.schedules.Times;
import dev.rookery.schedules.Timetable;
import dev.rookery.schedules.Zones;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code schedules preview}. Needs no server. */
@Command(
    name = "preview",
    description = {
      "Print the next times of a schedule, one per line, before anything is made of it.",
      "Notes on changes of the clock go to stderr. Needs no server.",
    },
    footer = {
      "  rookery schedules preview --cron '30 2 * * *' --zone America/New_York --from 2026-03-07"
          + " --count 4",
      "  rookery schedules preview --daily 09:00,17:30 --zone Europe/Berlin",
      "  rookery schedules preview --every 90s --anchor 2026-01-01T00:00Z --json",
    })
final class SchedulesPreview implements Callable<Integer> {
  private static final int MOST = 1_000;

  /** One of four. */
  static final class When {
    @Option(
        names = "--cron",
        paramLabel = "<expression>",
        description = "Five fields, or @hourly, @daily, @weekly, @monthly, @yearly.")
    private @Nullable String cron;

    @Option(
        names = "--daily",
        paramLabel = "<times>",
        split = ",",
        description = "Local times of day, such as 09:00,17:30.")
    private @Nullable List<String> daily;

    @Option(
        names = "--every",
        paramLabel = "<interval>",
        description = "An interval of a second or more, such as 90s, 15m or 1h30m.")
    private @Nullable String every;

    @Option(
        names = "--once",
        paramLabel = "<time>",
        description = "A single time, such as 2026-12-24T18:00.")
    private @Nullable String once;
  }

  private final Context context;

  @ArgGroup(multiplicity = "1")
  private When when = new When();

  @Option(
      names = "--anchor",
      paramLabel = "<time>",
      description = "What an interval is counted from (default: 1970-01-01T00:00Z).")
  private @Nullable String anchor;

  @Option(
      names = "--zone",
      paramLabel = "<zone>",
      description = "IANA time zone, such as Europe/Berlin (default: UTC).")
  private String zone = "UTC";

  @Option(
      names = "--from",
      paramLabel = "<time>",
      description = "A date, which is its midnight, or a time; included (default: now).")
  private @Nullable String from;

  @Option(
      names = "--count",
      paramLabel = "<n>",
      description = "How many times, 1 to 1000 (default: 10).")
  private int count = 10;

  SchedulesPreview(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (count < 1 || count > MOST) {
      throw CliFailure.usage("--count is 1 to %d, not %d.".formatted(MOST, count));
    }
    if (anchor != null && when.every == null) {
      throw CliFailure.usage("--anchor belongs to --every.");
    }
    ZoneId place = Zones.of(zone);
    Timetable timetable = timetable(place);
    Instant start = from == null ? context.clock().instant() : Times.instant(from, place);
    List<Instant> times = times(timetable, start);
    ObjectNode json = json(timetable, place, start, times);
    Output output = context.output();
    if (context.options().quiet() && !output.forPrograms()) {
      json.path("times").forEach(time -> output.line(time.asText()));
    } else {
      output.one(json, () -> print(output, json));
    }
    return Exit.OK;
  }

  private Timetable timetable(ZoneId place) {
    if (when.cron != null) {
      return Timetable.cron(when.cron, zone);
    }
    if (when.daily != null) {
      return Timetable.daily(when.daily, zone);
    }
    if (when.once != null) {
      return Timetable.once(when.once, zone);
    }
    return Timetable.interval(
        String.valueOf(when.every), anchor == null ? null : Times.instant(anchor, place));
  }

  private List<Instant> times(Timetable timetable, Instant start) {
    List<Instant> times = new ArrayList<>();
    Optional<Instant> due = timetable.next(start.minusNanos(1));
    while (due.isPresent() && times.size() < count) {
      times.add(due.get());
      due = timetable.next(due.get());
    }
    return times;
  }

  private ObjectNode json(Timetable timetable, ZoneId place, Instant start, List<Instant> times) {
    ObjectNode json = Json.object().put("schedule", timetable.inWords()).put("zone", zone);
    var shown = json.putArray("times");
    times.forEach(time -> shown.add(time.atZone(place).toOffsetDateTime().toString()));
    var notes = json.putArray("notes");
    if (!times.isEmpty()) {
      timetable.notes(start, times.getLast()).forEach(notes::add);
    }
    if (times.size() < count) {
      notes.add(times.isEmpty() ? "It is never due after that." : "It is not due again.");
    }
    return json;
  }

  private static void print(Output output, ObjectNode json) {
    output.note(json.path("schedule").asText());
    json.path("times").forEach(time -> output.line(time.asText()));
    json.path("notes").forEach(note -> output.note("Note: " + note.asText()));
  }
}
