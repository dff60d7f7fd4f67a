package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.Cancellation;
import dev.rookery.models.ToolSpec;

/** Something an agent can call. */
public interface Tool {
  ToolSpec spec();

  EffectClass effectClass();

  /**
   * Performs the call. Expected failures are an {@link ToolResult#error}; {@link OutcomeUnknown}
   * says that the effect may have happened.
   */
  ToolResult call(Call call);

  /**
   * After a crash: what became of this very call? Asked for reconcilable and sandbox tools only.
   */
  default Found lookUp(Call call) {
    return new Found.CannotTell();
  }

  /** One exact call. The idempotency key is the same on every attempt of the same step. */
  record Call(
      Caller caller, JsonNode arguments, String idempotencyKey, Cancellation cancellation) {}

  /** On whose behalf. */
  record Caller(OrgId org, AgentId agent, RunId run, int step) {}

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
