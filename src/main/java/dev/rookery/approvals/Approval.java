package dev.rookery.approvals;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request to a person to allow one exact tool call (spec 02). It is stored, and outlives
 * restarts: the call that runs after an answer is the one that was shown, or the one that the
 * answer changed it to, byte for byte.
 */
public record Approval(
    ApprovalId id,
    OrgId org,
    Subject subject,
    Call call,
    Asked asked,
    State state,
    @Nullable Decision decision,
    Times times) {

  /** {@code pending → allowed | denied | expired | cancelled} (DESIGN §4). */
  public enum State {
    PENDING,
    ALLOWED,
    DENIED,
    EXPIRED,
    CANCELLED;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /** Whose call it is: step {@code step} of the run. */
  public record Subject(RunId run, int step, AgentId agent, String conversation) {}

  /**
   * One exact call.
   *
   * @param arguments canonical JSON
   * @param sha256 of the tool's name, a line feed and the arguments, in hex
   */
  public record Call(String tool, String arguments, String sha256) {
    public static Call of(String tool, String arguments) {
      return new Call(tool, arguments, digest(tool, arguments));
    }

    /** False when a byte of it was changed since it was stored. */
    public boolean intact() {
      return digest(tool, arguments).equals(sha256);
    }

    private static String digest(String tool, String arguments) {
      return Digest.sha256(tool + "\n" + arguments);
    }
  }

  /**
   * Why a person is asked.
   *
   * @param rule the policy rule that asks; null when no rule matches the call
   * @param why one sentence
   * @param preview the full command, a diff, the destination
   */
  public record Asked(@Nullable String rule, String why, String preview) {}

  /** The first answer, which holds. {@code by} names the person and the way it came. */
  public record Decision(Answer answer, String by, long at) {}

  /** Epoch milliseconds. An approval without an answer is denied at its deadline. */
  public record Times(long created, long deadline) {}

  /** The call that may run now; null when none may. */
  public @Nullable Call allowed() {
    if (state != State.ALLOWED || decision == null) {
      return null;
    }
    return switch (decision.answer()) {
      case Answer.AllowOnce _, Answer.AllowAlways _ -> call;
      case Answer.Edit(var edited) -> Call.of(call.tool(), edited);
      case Answer.Deny _ -> null;
    };
  }

  Approval in(State next, @Nullable Decision made) {
    return new Approval(id, org, subject, call, asked, next, made, times);
  }
}
