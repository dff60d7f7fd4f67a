package dev.rookery.runs;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands among those that started it.
 *
 * @param root the run at the top of its tree; itself when it has no parent
 * @param depth how many agents acted on agents before
 * @param child what it has from its ancestors; null when it has none
 */
public record Lineage(RunId root, int depth, @Nullable Child child) {

  /** A run that no other started. */
  public static Lineage of(RunId root, int depth) {
    return new Lineage(root, depth, null);
  }

  /**
   * What a child has from its ancestors.
   *
   * @param path its ancestors, the root first, its parent last
   * @param agents theirs, other than its own: their rules hold for it too
   * @param name how people know it
   * @param background whether it goes on when its parent fails
   * @param speaksIn key of the root's conversation, where people are asked
   */
  public record Child(
      List<RunId> path, List<AgentId> agents, String name, boolean background, String speaksIn) {
    public Child {
      path = List.copyOf(path);
      agents = List.copyOf(agents);
      if (path.isEmpty()) {
        throw new IllegalArgumentException("a child has a parent");
      }
    }

    public RunId parent() {
      return path.getLast();
    }
  }

  /** The run that started it, or null. */
  public @Nullable RunId parent() {
    return child == null ? null : child.parent();
  }

  /** Those whose rules hold besides its own agent's. */
  List<AgentId> agentsAbove() {
    return child == null ? List.of() : child.agents();
  }
}
