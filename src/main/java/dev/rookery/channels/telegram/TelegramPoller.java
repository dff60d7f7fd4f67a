package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import java.time.Duration;

/**
 * Fetches updates where Telegram cannot reach us. One call is one step of a loop; threads, leases
 * and the offset belong to the caller, which keeps the offset beside the events it committed.
 */
public final class TelegramPoller {
  private static final Duration NETWORK_PAUSE = Duration.ofSeconds(5);
  private static final Duration CONFLICT_PAUSE = Duration.ofSeconds(30);
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final BotApi api;
  private final TelegramReceiver receiver;
  private final Duration longPoll;

  /**
   * @param longPoll how long Telegram holds a call when there is nothing, at most 50 s
   */
  public TelegramPoller(BotApi api, TelegramReceiver receiver, Duration longPoll) {
    this.api = api;
    this.receiver = receiver;
    this.longPoll = longPoll;
  }

  /** Takes what was fetched. */
  @FunctionalInterface
  public interface Sink {
    /**
     * @return true when the update is durably decided; false stops the batch, and it comes again
     */
    boolean commit(Reception reception, JsonNode update);
  }

  /** What one step came to, and from where to go on. */
  public sealed interface Step {
    /** Updates before {@code offset} are committed; {@code taken} of them in this step. */
    record Advanced(long offset, int taken) implements Step {}

    /** Nothing new. */
    record Idle() implements Step {}

    /** The sink did not take one; ask again from {@code offset} after a pause. */
    record Held(long offset, int taken, Duration pause) implements Step {}

    /** Goes on by itself later: network, rate limit, Telegram's own errors. */
    record Retry(Duration pause, String cause) implements Step {}

    /**
     * Needs a person: {@code webhook_set}, {@code other_poller}, {@code token_revoked}, or what the
     * integration lacks. Worth another try after the pause.
     */
    record Blocked(String code, String cause, Duration pause) implements Step {}
  }

  /**
   * One getUpdates, handed to the sink one by one in order. The offset is confirmed to Telegram
   * only by the next call, so an update that was not committed comes again.
   *
   * @param offset the next wanted update id, 0 at the very first
   */
  public Step poll(Integration integration, long offset, Sink sink) {
    ObjectNode parameters = Json.object().put("timeout", longPoll.toSeconds()).put("limit", 100);
    UpdateReader.WANTED.stream().sorted().forEach(parameters.withArray("/allowed_updates")::add);
    if (offset > 0) {
      parameters.put("offset", offset);
    }
    return switch (api.call(integration, "getUpdates", parameters, longPoll.plus(MARGIN))) {
      case BotApi.Answer.Ok(JsonNode updates) -> take(integration, updates, offset, sink);
      case BotApi.Answer.Refused refused -> refused(refused);
      case BotApi.Answer.Unreadable(_, String cause) -> new Step.Retry(NETWORK_PAUSE, cause);
      case BotApi.Answer.NotReached(String cause) -> new Step.Retry(NETWORK_PAUSE, cause);
      case BotApi.Answer.Lost(String cause) -> new Step.Retry(NETWORK_PAUSE, cause);
      case BotApi.Answer.NotReady(String code, String cause) ->
          new Step.Blocked(code, cause, CONFLICT_PAUSE);
    };
  }

  private Step take(Integration integration, JsonNode updates, long offset, Sink sink) {
    long next = offset;
    int taken = 0;
    for (JsonNode update : updates) {
      Reception reception = receiver.receiveTrusted(integration, update);
      if (!sink.commit(reception, update)) {
        return new Step.Held(next, taken, NETWORK_PAUSE);
      }
      // Not the maximum: after a quiet week Telegram starts again at a random id.
      next = update.path("update_id").asLong(next - 1) + 1;
      taken++;
    }
    if (taken > 0 && next == offset) {
      return new Step.Retry(NETWORK_PAUSE, "getUpdates gave updates without update_id");
    }
    return taken == 0 ? new Step.Idle() : new Step.Advanced(next, taken);
  }

  private static Step refused(BotApi.Answer.Refused refused) {
    String cause = refused.description();
    return switch (refused.status()) {
      case 401, 404 -> new Step.Blocked("token_revoked", cause, CONFLICT_PAUSE);
      case 409 ->
          new Step.Blocked(
              cause.contains("webhook") ? "webhook_set" : "other_poller", cause, CONFLICT_PAUSE);
      default ->
          new Step.Retry(
              refused.retryAfter() == null ? NETWORK_PAUSE : refused.retryAfter(), cause);
    };
  }
}
