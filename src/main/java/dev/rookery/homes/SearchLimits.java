package dev.rookery.homes;

import dev.rookery.homes.TreeWalk.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** When a search ends, and what it leaves out. */
final class SearchLimits {
  private static final Set<String> PASSED = Set.of(".git", "node_modules", ".rookery");

  private final Search.Bounds bounds;
  private final long deadline;
  private boolean full;
  private boolean late;
  private boolean passed;

  SearchLimits(Search.Bounds bounds) {
    this.bounds = bounds;
    this.deadline = System.nanoTime() + bounds.time().toNanos();
  }

  /** Whether to end now. */
  boolean over(int results) {
    full |= results >= bounds.limit();
    late |= System.nanoTime() - deadline > 0 || bounds.stop().getAsBoolean();
    return full || late;
  }

  boolean passes(Found found) {
    boolean pass =
        !bounds.everywhere()
            && found.status().isDirectory()
            && PASSED.contains(found.spot().name());
    passed |= pass;
    return pass;
  }

  List<String> notes(TreeWalk walk) {
    List<String> notes = new ArrayList<>();
    if (full) {
      notes.add(
          "Only the first " + bounds.limit() + " are shown; narrow the search to see the others.");
    }
    if (late) {
      notes.add("The search ended before it had seen everything; narrow it.");
    }
    if (passed) {
      notes.add("Not searched: .git, node_modules and .rookery.");
    }
    if (walk.incomplete()) {
      notes.add("Some directories are too deep or too full to be searched whole.");
    }
    return notes;
  }
}
