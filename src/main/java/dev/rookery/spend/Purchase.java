package dev.rookery.spend;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelChoice;
import dev.rookery.models.ModelRequest;
import dev.rookery.models.Tokens;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One call that costs money, before it is made. */
public record Purchase(Key key, Payer payer, Item item) {

  /**
   * Names one call, whatever happens. Each attempt is a call of its own.
   *
   * @param subject id of the run, or of what else is being decided (an event, for a gate)
   * @param part which of the calls of this step
   */
  public record Key(String subject, int step, String part) {
    /** An attempt of a step of a run; the first is 1. */
    public static Key of(RunId run, int step, int attempt) {
      return new Key(run.value(), step, Integer.toString(attempt));
    }

    /** A call that serves a step without being one, such as a summary. */
    public static Key helper(RunId run, int step, String what) {
      return new Key(run.value(), step, what);
    }

    @Override
    public String toString() {
      return subject + "/" + step + "/" + part;
    }
  }

  /**
   * Whose budgets it is on, besides the organization's.
   *
   * @param contact identity of the sender, such as {@code telegram:123}
   * @param root of the run tree; null for a call outside of runs
   * @param trees runs of which it is one or a descendant: a budget on any of them holds
   */
  public record Payer(
      AgentId agent,
      @Nullable String contact,
      @Nullable String program,
      @Nullable RunId root,
      List<RunId> trees) {
    public Payer {
      trees = List.copyOf(trees);
    }

    /** A run without ancestors other than its root, or a call outside of runs. */
    public Payer(
        AgentId agent, @Nullable String contact, @Nullable String program, @Nullable RunId root) {
      this(agent, contact, program, root, root == null ? List.of() : List.of(root));
    }
  }

  /** What is called. */
  public sealed interface Item {
    /**
     * A model.
     *
     * @param model {@code provider/model}
     * @param inputTokens more than it will read
     * @param maxOutputTokens more than it can write
     * @param helper whether it is Rookery's own call, such as a gate or a summary
     */
    record ModelCall(String model, long inputTokens, long maxOutputTokens, boolean helper)
        implements Item {
      public ModelCall {
        if (inputTokens < 0 || maxOutputTokens < 0) {
          throw new IllegalArgumentException("tokens are not negative");
        }
      }

      /**
       * A request. The estimate of its tokens is doubled: a token is seldom less than two bytes of
       * text, while the estimate counts on four.
       */
      public static ModelCall of(ModelChoice choice, ModelRequest request) {
        return new ModelCall(
            choice.spelling(),
            2 * Tokens.estimate(request),
            request.limits().maxOutputTokens(),
            false);
      }

      /** The same call, made by Rookery for itself. */
      public ModelCall asHelper() {
        return new ModelCall(model, inputTokens, maxOutputTokens, true);
      }
    }

    record ToolCall(String tool) implements Item {}

    default Kind kind() {
      return switch (this) {
        case ModelCall call -> call.helper() ? Kind.HELPER : Kind.MODEL;
        case ToolCall _ -> Kind.TOOL;
      };
    }

    default String name() {
      return switch (this) {
        case ModelCall call -> call.model();
        case ToolCall call -> call.tool();
      };
    }
  }

  /** Kinds of calls in the books. */
  public enum Kind {
    MODEL,
    TOOL,
    HELPER;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }
}
