package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.Cancellation;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Demand;
import dev.rookery.policy.Taint;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Something an agent can call. */
public interface Tool {
  ToolSpec spec();

  EffectClass effectClass();

  /** As {@link #effectClass()}, of a call with these arguments; never stricter than that. */
  default EffectClass effectClass(JsonNode arguments) {
    return effectClass();
  }

  /** Classes of what it can do; rules and profiles name them. */
  default Set<Capability> capabilities() {
    return Set.of(Capability.EXTERNAL_CALL);
  }

  /**
   * What this very call would touch, for the policy. The arguments fit the schema.
   *
   * @throws dev.rookery.kernel.Refusal when they can never be performed, such as a path outside the
   *     home; the model is told
   */
  default List<Demand> demands(JsonNode arguments) {
    return List.of(new Demand.Plain());
  }

  /**
   * As {@link #demands(JsonNode)}, with what only the caller's home can tell, such as where links
   * lead. The policy asks this one.
   */
  default List<Demand> demands(Caller caller, JsonNode arguments) {
    return demands(arguments);
  }

  /**
   * Whether nothing that the caller's run holds gets anywhere by this call but to places that an
   * operator chose, though the tool's classes could.
   */
  default boolean staysInside(Caller caller) {
    return false;
  }

  /** As {@link #staysInside(Caller)}, of a call with these arguments. */
  default boolean staysInside(Caller caller, JsonNode arguments) {
    return staysInside(caller);
  }

  /**
   * What a person who decides on the call is shown: the full command, a diff, the destination.
   * Reads only, and is never cut short.
   */
  default String preview(Call call) {
    return Json.pretty(call.arguments());
  }

  /** What its results bring into a run. */
  default Taint taint(Caller caller) {
    return Taint.BOTH;
  }

  /** As {@link #taint(Caller)}, of this very call; never less than that. */
  default Taint taint(Call call) {
    return taint(call.caller());
  }

  /**
   * Performs the call. Expected failures are an {@link ToolResult#error}; {@link OutcomeUnknown}
   * says that the effect may have happened.
   */
  ToolResult call(Call call);

  /**
   * Whether a call only begins the work, and {@link #lookUp} tells what became of it. Such a tool
   * is reconcilable; what its call says is shown to the model only when it is an error.
   */
  default boolean defers() {
    return false;
  }

  /**
   * After a crash: what became of this very call? Asked for reconcilable and sandbox tools only,
   * and after each call of one that {@link #defers() defers}.
   */
  default Found lookUp(Call call) {
    return new Found.CannotTell();
  }

  /** One exact call. The idempotency key is the same on every attempt of the same step. */
  record Call(
      Caller caller, JsonNode arguments, String idempotencyKey, Cancellation cancellation) {}

  /**
   * On whose behalf.
   *
   * @param conversation key of the conversation that the run answers
   * @param fence of the run's lease; what an older fence started is stopped
   */
  record Caller(OrgId org, AgentId agent, RunId run, int step, String conversation, long fence) {}

  /** Text for the model; {@code error} tells it that the call failed. */
  record ToolResult(String text, boolean error) {
    public static ToolResult ok(String text) {
      return new ToolResult(text, false);
    }

    public static ToolResult error(String text) {
      return new ToolResult(text, true);
    }
  }

  /** Answer of {@link #lookUp}. */
  sealed interface Found {
    record Happened(ToolResult result) implements Found {}

    record Absent() implements Found {}

    record CannotTell() implements Found {}

    /**
     * It is under way. The run waits without a thread, until it is told or for so long.
     *
     * @param waitReason for people, in snake_case
     */
    record Pending(String waitReason, Duration lookAgain) implements Found {}
  }

  /** The connection broke after the request may have taken effect. */
  final class OutcomeUnknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    public OutcomeUnknown(String message) {
      super(message);
      this.sentence = message;
    }

    @Override
    public String getMessage() {
      return sentence;
    }
  }
}
