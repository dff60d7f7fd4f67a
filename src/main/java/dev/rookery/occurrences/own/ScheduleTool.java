package dev.rookery.occurrences.own;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.PolicyCodec;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Taint;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** Built in: with these an agent wakes itself later, again and again or once. */
public final class ScheduleTool implements Tool {
  private static final int SHOWN = 3;
  private static final String TIMES =
      """
      "every": {"type": "string", "description": "An interval such as 90s, 15m, 1h30m or 2d; 60s at least."},
      "cron": {"type": "string", "description": "Five fields: minute hour day-of-month month day-of-week."},
      "daily": {"type": "array", "minItems": 1, "maxItems": 24, "items": {"type": "string"},
        "description": "Local times of day, such as [\\"09:00\\", \\"17:30\\"]."},
      "once": {"type": "string", "description": "A single time, such as 2026-12-24T18:00 (local) or ...Z."},
      "zone": {"type": "string", "description": "IANA time zone for cron, daily and once, such as Europe/Berlin; UTC if not given."}
      """;
  private static final String TEXTS =
      """
      "name": {"type": "string", "minLength": 1, "maxLength": 100, "description": "Short, for people."},
      "prompt": {"type": "string", "minLength": 1, "maxLength": 20000,
        "description": "What you are told when it is time. Say all that you will need; you may not remember this conversation."},
      """;
  private static final String ID =
      "\"id\": {\"type\": \"string\", \"pattern\": \"^pol_[0-9a-f]{32}$\"}";

  private enum Kind {
    CREATE(
        "Wakes you later: gives you the prompt at the times that you name (exactly one of every, cron,"
            + " daily, once). The answer tells when. What you say then goes to this conversation."),
    LIST("Lists the schedules that you made, with their next times and how they went."),
    UPDATE("Changes name, prompt or times of a schedule that you made."),
    DELETE("Deletes a schedule that you made.");

    private final String description;

    Kind(String description) {
      this.description = description;
    }

    private String schema() {
      return switch (this) {
        case CREATE -> object("\"name\", \"prompt\"", TEXTS + TIMES);
        case LIST -> object("", "");
        case UPDATE -> object("\"id\"", ID + "," + TEXTS + TIMES);
        case DELETE -> object("\"id\"", ID);
      };
    }

    private static String object(String required, String properties) {
      return "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [%s], \"properties\": {%s}}"
          .formatted(required, properties);
    }
  }

  private final Kind kind;
  private final ToolSpec spec;
  private final Supplier<OwnSchedules> schedules;

  private ScheduleTool(Kind kind, Supplier<OwnSchedules> schedules) {
    this.kind = kind;
    this.schedules = schedules;
    this.spec =
        new ToolSpec(
            "schedule_" + kind.name().toLowerCase(Locale.ROOT),
            kind.description,
            Json.parse(kind.schema()));
  }

  /**
   * {@code schedule_create}, {@code schedule_list}, {@code schedule_update}, {@code
   * schedule_delete}.
   *
   * @param schedules asked for when a tool is called, since what wakes agents is built after tools
   */
  public static List<Tool> all(Supplier<OwnSchedules> schedules) {
    List<Tool> tools = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      tools.add(new ScheduleTool(kind, schedules));
    }
    return tools;
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  @Override
  public EffectClass effectClass() {
    return kind == Kind.LIST ? EffectClass.PURE : EffectClass.KEYED;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(kind == Kind.LIST ? Capability.INFO_READ : Capability.SCHEDULE_WRITE);
  }

  /** What it lists, the agent wrote; whose words those were, the schedule remembers. */
  @Override
  public Taint taint(Caller caller) {
    return kind == Kind.LIST ? Taint.BOTH : Taint.NONE;
  }

  @Override
  public ToolResult call(Call call) {
    JsonNode wish = call.arguments();
    try {
      return ToolResult.ok(
          switch (kind) {
            case CREATE -> "Made. " + Json.write(view(schedules.get().create(call, wish)));
            case LIST -> listed(call.caller());
            case UPDATE ->
                "Changed. "
                    + Json.write(view(schedules.get().update(call.caller(), id(wish), wish)));
            case DELETE -> {
              schedules.get().delete(call.caller(), id(wish));
              yield "Deleted " + id(wish) + ".";
            }
          });
    } catch (Refusal refusal) {
      return ToolResult.error(refusal.getMessage() + " [" + refusal.code() + "]");
    }
  }

  private static PolicyId id(JsonNode wish) {
    return new PolicyId(wish.path("id").asText());
  }

  private String listed(Caller caller) {
    List<OwnSchedules.Seen> all = schedules.get().list(caller.org(), caller.agent());
    return all.isEmpty()
        ? "You have no schedules of your own."
        : String.join("\n", all.stream().map(seen -> Json.write(view(seen))).toList());
  }

  private static ObjectNode view(OwnSchedules.Seen seen) {
    ObjectNode view =
        Json.object()
            .put("id", seen.policy().id().value())
            .put("name", seen.policy().name())
            .put("times", seen.state().words())
            .put("prompt", PolicyCodec.write(seen.policy()).path("config").path("prompt").asText());
    var next = view.putArray("next");
    seen.state().ahead().next().stream().limit(SHOWN).map(Instant::toString).forEach(next::add);
    boolean paused =
        seen.policy().standing().pause() != null || !seen.policy().standing().enabled();
    return view.put("paused", paused).put("failing", seen.state().health().failing());
  }
}
