package dev.rookery.demo;

import dev.rookery.kernel.Json;
import java.time.Duration;

/**
 * One thing that goes wrong with one call to {@link LocalBotApi}.
 *
 * @param afterEffect whether the call does its work first: the caller then cannot know
 */
public record Fault(boolean afterEffect, Manner manner) {

  /** How it goes wrong. */
  public sealed interface Manner {
    /** Answers this instead. */
    record Answer(int status, String body) implements Manner {}

    /** Closes the connection without an answer. */
    record Drop() implements Manner {}

    /** Closes the connection in the middle of the answer. */
    record Truncate() implements Manner {}

    /** Never answers; lets go when the server is closed. */
    record Stall() implements Manner {}

    /** Answers as usual, this much later. */
    record Slow(Duration delay) implements Manner {}
  }

  public static Fault before(Manner manner) {
    return new Fault(false, manner);
  }

  public static Fault after(Manner manner) {
    return new Fault(true, manner);
  }

  /** The API's own error object with this status; nothing has happened. */
  public static Fault error(int status, String description) {
    return before(new Manner.Answer(status, BotAnswer.error(status, description).body()));
  }

  /** The call worked, and still an error is answered. */
  public static Fault errorAfterEffect(int status, String description) {
    return after(new Manner.Answer(status, BotAnswer.error(status, description).body()));
  }

  /** 429 with {@code retry_after} in seconds. */
  public static Fault rateLimited(int seconds) {
    var parameters = Json.object().put("retry_after", seconds);
    String description = "Too Many Requests: retry after " + seconds;
    return before(new Manner.Answer(429, BotAnswer.error(429, description, parameters).body()));
  }

  /** 400 with {@code migrate_to_chat_id}: the group became a supergroup. */
  public static Fault migrated(long chat) {
    var parameters = Json.object().put("migrate_to_chat_id", chat);
    String description = "Bad Request: group chat was upgraded to a supergroup chat";
    return before(new Manner.Answer(400, BotAnswer.error(400, description, parameters).body()));
  }

  public static Fault dropBefore() {
    return before(new Manner.Drop());
  }

  public static Fault dropAfter() {
    return after(new Manner.Drop());
  }

  public static Fault stallBefore() {
    return before(new Manner.Stall());
  }

  public static Fault stallAfter() {
    return after(new Manner.Stall());
  }
}
