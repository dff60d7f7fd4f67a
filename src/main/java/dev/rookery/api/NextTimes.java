package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.schedules.Timetable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a schedule policy is due next; nothing for other policies. */
final class NextTimes {
  private static final int SHOWN = 3;

  private NextTimes() {}

  /** The next three from now on, less when it ends or is not on. */
  static List<Instant> of(ActivationPolicy policy, Instant now) {
    Timetable table = table(policy);
    List<Instant> times = new ArrayList<>();
    if (table == null || !policy.standing().enabled()) {
      return times;
    }
    Instant from = now;
    ActivationPolicy.Pause pause = policy.standing().pauseAt(now);
    if (pause != null) {
      Instant until = pause.until();
      if (until == null) {
        return times;
      }
      from = until.minusMillis(1);
    }
    Optional<Instant> due = table.next(from);
    while (due.isPresent() && times.size() < SHOWN) {
      times.add(due.get());
      due = table.next(due.get());
    }
    return times;
  }

  /** Null for other triggers, and for settings that name no time. */
  private static @Nullable Timetable table(ActivationPolicy policy) {
    JsonNode config = Json.parse(policy.wake().config().details());
    String zone = config.path("zone").asText("UTC");
    try {
      return switch (policy.wake().trigger()) {
        case CRON -> Timetable.cron(config.path("cron").asText(), zone);
        case DAILY ->
            Timetable.daily(
                config.path("daily").valueStream().map(JsonNode::asText).toList(), zone);
        case ONCE -> Timetable.once(config.path("once").asText(), zone);
        case INTERVAL ->
            new Timetable.Interval(
                Duration.ofMillis(config.path("every_ms").asLong()),
                Instant.parse(config.path("anchor").asText(Times.made(policy.id()))));
        case MENTION, AMBIENT, ALWAYS, EVENT, WEBHOOK, PROGRAM_REVIEW, MANUAL -> null;
      };
    } catch (Refusal | DateTimeException e) {
      return null;
    }
  }
}
