package dev.rookery.demo;

import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.demo.Screen.Tone;
import dev.rookery.kernel.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells journal entries as links of a chain, in the words of the product. */
final class Narrator {
  /** Decisions that are the same for every chat message and explain nothing here. */
  private static final Set<String> OBVIOUS = Set.of("not-manual", "not-an-entry");

  private final Screen screen;
  private final LocalBotApi bot;
  private final Map<String, String> people = new HashMap<>();
  private @Nullable Instant start;

  Narrator(Screen screen, LocalBotApi bot) {
    this.screen = screen;
    this.bot = bot;
  }

  /** Times are counted from the next entry on. */
  void restartClock() {
    start = null;
  }

  void tell(Entry entry) {
    switch (entry.kind()) {
      case "event.accepted" -> event(entry);
      case "activation.decided" -> activation(entry);
      case "run.recovered" ->
          link(
              entry,
              "run",
              brief(entry.subject()) + " taken up again, fence " + entry.field("fence"),
              Tone.WARN);
      case "run.finished" -> finished(entry);
      case "step.started" -> started(entry);
      case "step.finished" -> step(entry, "done", Tone.GOOD);
      case "occurrence.decided" -> decided(entry);
      case "step.unknown" -> step(entry, "outcome unknown", Tone.BAD);
      case "approval.requested" ->
          link(
              entry,
              "approval",
              brief(entry.subject()) + " asked for " + entry.field("tool"),
              Tone.WARN);
      case "approval.allowed" ->
          link(
              entry,
              "approval",
              brief(entry.subject()) + " allowed by " + name(entry.field("by")),
              Tone.GOOD);
      case "delivery.sent" -> sent(entry);
      case "delivery.unknown", "delivery.failed" ->
          link(entry, "reply", entry.kind() + ": " + entry.field("error"), Tone.BAD);
      default -> {
        // The rest is on record and would only lengthen the chain here.
      }
    }
  }

  private void event(Entry entry) {
    String what =
        switch (entry.field("type")) {
          case "choice" -> "a button was pressed";
          case "command" -> "a command";
          case "tick" -> "a time of the schedule";
          default -> "“" + Story.line(entry.conversation()).map(Story.Line::text).orElse("") + "”";
        };
    link(entry, "event", brief(entry.subject()) + " " + what, Tone.STRONG);
  }

  private void activation(Entry entry) {
    if (OBVIOUS.contains(entry.field("reason"))) {
      return;
    }
    boolean woke = entry.field("decision").equals("woke");
    String why = entry.field("why").replaceFirst("(?<=\\.) .*", "");
    link(entry, "activation", entry.field("decision") + ": " + why, woke ? Tone.PLAIN : Tone.DIM);
    if (woke) {
      link(entry, "run", brief(entry.field("run")) + " queued", Tone.PLAIN);
    }
  }

  /** A time of a schedule, or a stretch of them. */
  private void decided(Entry entry) {
    String last = entry.field("last");
    String times =
        clock(entry.field("nominal"))
            + (last.isEmpty() ? "" : " … " + clock(last) + ", " + entry.field("count"));
    boolean ran = !entry.field("verdict").equals("missed");
    link(
        entry,
        "schedule",
        times + " " + entry.field("verdict") + ": " + entry.field("reason"),
        ran ? Tone.STRONG : Tone.WARN);
  }

  /** Minute and second of an instant. */
  private static String clock(String instant) {
    return instant.replaceFirst("^.*T\\d\\d:", "").replaceFirst("Z$", "");
  }

  /** Model calls are told once, when they are done; tool calls also when they begin. */
  private void started(Entry entry) {
    boolean again = entry.data().path("attempt").asInt(1) > 1;
    if (entry.field("kind").equals("tool") || again) {
      step(entry, again ? "started again, attempt " + entry.field("attempt") : "started", Tone.DIM);
    }
  }

  private void step(Entry entry, String state, Tone tone) {
    String kind = entry.field("kind");
    String what =
        switch (kind) {
          case "tool" -> "tool " + entry.field("name");
          case "model" -> "model call";
          default -> kind;
        };
    link(entry, "step " + entry.field("step"), what + " " + state, tone);
  }

  private void finished(Entry entry) {
    boolean done = entry.field("state").equals("done");
    boolean cancelled = entry.field("state").equals("cancelled");
    String why = entry.field(done ? "outcome" : cancelled ? "by" : "failure_reason");
    link(
        entry,
        "run",
        brief(entry.subject()) + " " + entry.field("state") + (why.isEmpty() ? "" : ": " + why),
        done ? Tone.GOOD : cancelled ? Tone.WARN : Tone.BAD);
  }

  /** Whom the channel names; the record has the id, too. */
  private static String name(String by) {
    return by.replaceFirst("^.*\\((.*)\\)$", "$1");
  }

  private void sent(Entry entry) {
    String remote = entry.field("remote_id");
    String text =
        bot.messages().stream()
            .filter(m -> Long.toString(m.id()).equals(remote) || remote.endsWith(":" + m.id()))
            .map(message -> message.text().replaceFirst("^In telegram:\\S+: ", ""))
            .findFirst()
            .orElse("");
    link(
        entry,
        "reply",
        "remote message " + remote + (text.isEmpty() ? "" : " “" + Text.brief(text, 70) + "”"),
        Tone.GOOD);
  }

  private void link(Entry entry, String kind, String what, Tone tone) {
    Instant first = start == null ? entry.at() : start;
    start = first;
    long millis = Duration.between(first, entry.at()).toMillis();
    screen.happened(new Screen.Happening("+" + millis + " ms", who(entry), kind, what), tone);
  }

  private String who(Entry entry) {
    if (entry.is("event.accepted") && !entry.field("actor").isEmpty()) {
      people.put(entry.subject(), entry.field("actor"));
      return entry.field("actor");
    }
    if (entry.kind().startsWith("delivery.") && HandsStory.MORNING.isIn(entry.conversation())) {
      return "";
    }
    if (!entry.conversation().isEmpty()) {
      Story.line(entry.conversation())
          .ifPresent(line -> people.put(entry.subject(), line.person()));
    }
    return people.getOrDefault(entry.subject(), "");
  }

  /** The kind of an id and its end; enough to tell ids apart on one screen. */
  static String brief(String id) {
    int line = id.indexOf('_');
    return line < 0 || id.length() < line + 14
        ? id
        : id.substring(0, line + 1) + "…" + id.substring(id.length() - 8);
  }
}
