package dev.rookery.activation;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import java.util.ArrayList;
import java.util.List;

/**
 * An event that a policy wants and that is not decided yet: a delay runs, or a gate is asked.
 *
 * @param ambient it ends when the agent wakes here otherwise, and begins again with the next line
 * @param lines of the burst, oldest first, the event that waits last; the others were merged into
 *     it. At most {@link #MAX_LINES}
 * @param dueAt when it is served; while it is being served, when another node takes over; epoch
 *     milliseconds
 */
public record Wait(
    OrgId org,
    Key key,
    AgentId agent,
    String conversation,
    boolean ambient,
    List<Line> lines,
    long dueAt,
    Progress progress) {
  /** Of a longer burst the oldest lines stay merged, but are not given to the run. */
  public static final int MAX_LINES = 20;

  public Wait {
    lines = List.copyOf(lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
  }

  /**
   * A line of a burst.
   *
   * @param notes what became of its files
   */
  public record Line(EventId event, List<String> notes) {
    public Line {
      notes = List.copyOf(notes);
    }
  }

  /** The lines of this wait and one more. */
  public List<Line> linesAnd(Line newest) {
    List<Line> all = new ArrayList<>(lines);
    all.add(newest);
    return all;
  }

  Wait in(Progress other) {
    return new Wait(org, key, agent, conversation, ambient, lines, dueAt, other);
  }

  /** Names a wait: it ends in the one activation of this event and policy. */
  public record Key(EventId event, PolicyId policy) {}

  /**
   * How far it got.
   *
   * @param fence of the node that serves it; an answer of an older one is dropped
   * @param attempts how often the gate was asked
   * @param asking money may be reserved for the last attempt
   * @param decided it is over, and kept only until that money is settled
   */
  public record Progress(long fence, int attempts, boolean asking, boolean decided) {
    public static final Progress NEW = new Progress(0, 0, false, false);
  }
}
