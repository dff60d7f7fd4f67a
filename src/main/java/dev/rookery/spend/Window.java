package dev.rookery.spend;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How long a budget lasts before it begins anew: by the calendar in UTC, or never. */
public enum Window {
  HOUR,
  DAY,
  MONTH,
  TOTAL;

  /** As stored and shown. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws Refusal {@code bad-budget}
   */
  public static Window of(String label) {
    return Arrays.stream(values())
        .filter(w -> w.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.badInput(
                    "bad-budget",
                    "There is no window '%s'; it is one of: %s.",
                    Text.brief(Text.clean(label), 40),
                    Arrays.stream(values()).map(Window::label).collect(Collectors.joining(", "))));
  }

  /** When the window that holds this instant began; 0 for the one without end. Epoch millis. */
  public long start(long at) {
    return switch (this) {
      case HOUR -> utc(at).truncatedTo(ChronoUnit.HOURS).toInstant().toEpochMilli();
      case DAY -> utc(at).truncatedTo(ChronoUnit.DAYS).toInstant().toEpochMilli();
      case MONTH -> month(at).toInstant().toEpochMilli();
      case TOTAL -> 0;
    };
  }

  /** When the window that began then ends, exclusive; null when it does not. */
  public @Nullable Instant end(long start) {
    return switch (this) {
      case HOUR -> utc(start).plusHours(1).toInstant();
      case DAY -> utc(start).plusDays(1).toInstant();
      case MONTH -> utc(start).plusMonths(1).toInstant();
      case TOTAL -> null;
    };
  }

  private static ZonedDateTime utc(long at) {
    return Instant.ofEpochMilli(at).atZone(ZoneOffset.UTC);
  }

  private static ZonedDateTime month(long at) {
    return utc(at).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
  }
}
