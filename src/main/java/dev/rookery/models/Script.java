package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.rookery.models.ModelAnswer.Stop;
import dev.rookery.models.ModelAnswer.Usage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A script of the scripted model, as read and checked; docs/scripted-model.md says what it means.
 */
record Script(String model, List<Rule> rules) {
  Script {
    rules = List.copyOf(rules);
  }

  /** The first rule whose conditions all hold answers. Numbers count from 1. */
  record Rule(int number, When when, Then then) {}

  /** Conditions; null means any. */
  record When(
      @Nullable TextTest userText,
      @Nullable TextTest system,
      @Nullable ToolTest toolResult,
      @Nullable Integer turn) {}

  /** What a text must be; at least one of the three. */
  record TextTest(
      @Nullable String equal,
      @Nullable String contains,
      @Nullable Pattern matches,
      boolean ignoreCase) {}

  /** What one of the tool results that the model now sees must be. */
  record ToolTest(@Nullable String tool, @Nullable String contains, @Nullable Boolean error) {}

  /** What is answered. */
  record Then(
      Template text,
      List<Call> calls,
      Pace pace,
      @Nullable Usage usage,
      @Nullable Stop stop,
      @Nullable Failure failure) {
    Then {
      calls = List.copyOf(calls);
    }
  }

  /** Strings within the arguments are templates. */
  record Call(String tool, JsonNode arguments) {}

  /**
   * @param delay before the first piece
   * @param chunk UTF-16 units of one piece; 0 = all at once
   * @param pause between pieces
   */
  record Pace(Duration delay, int chunk, Duration pause) {}

  /** The ways in which a provider can fail. */
  enum Kind {
    RATE_LIMITED,
    UNAVAILABLE,
    OVERLOADED,
    AUTH,
    CONTEXT_OVERFLOW,
    GARBAGE,
    STALL,
    DROP
  }

  /**
   * @param times how often the same request fails before it is answered; 0 = always
   */
  record Failure(Kind kind, int times, @Nullable Duration retryAfter) {}
}
