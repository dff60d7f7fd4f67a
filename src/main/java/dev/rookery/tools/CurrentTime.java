package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Taint;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;

/** Built in: tells the time. */
public final class CurrentTime implements Tool {
  public static final String NAME = "current_time";
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEEE", Locale.ENGLISH);
  private static final ToolSpec SPEC =
      new ToolSpec(
          NAME,
          "Tells the current date, time and day of the week in a time zone.",
          Json.parse(
              """
              {"type": "object", "additionalProperties": false, "properties": {"zone": {
                "type": "string",
                "description": "IANA time zone, such as Europe/Berlin; UTC when left out"}}}
              """));

  private final InstantSource clock;

  public CurrentTime(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public EffectClass effectClass() {
    return EffectClass.PURE;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.INFO_READ);
  }

  @Override
  public Taint taint(Caller caller) {
    return Taint.NONE;
  }

  @Override
  public ToolResult call(Call call) {
    JsonNode zone = call.arguments().path("zone");
    if (!zone.isMissingNode() && !zone.isTextual()) {
      return ToolResult.error("The arguments do not fit: at '/zone': must be a string.");
    }
    try {
      ZonedDateTime now =
          clock.instant().atZone(ZoneId.of(zone.asText("UTC"))).truncatedTo(ChronoUnit.SECONDS);
      return ToolResult.ok(
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(now)
              + " ("
              + DAY.format(now)
              + ", "
              + now.getZone()
              + ")");
    } catch (DateTimeException e) {
      return ToolResult.error(
          "The arguments do not fit: at '/zone': '"
              + Text.brief(zone.asText(), 60)
              + "' is not an IANA time zone, such as Europe/Berlin.");
    }
  }
}
