package dev.rookery.runs;

import dev.rookery.kernel.Ids;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs per state, without reading all that there ever were. Runs are never deleted, and no run of
 * the past is added, so how many there were until a while ago is counted once and remembered. The
 * few that are open, failed or cancelled are counted in their index; the others are done.
 */
final class RunCensus {
  /** By this much clocks of nodes may differ and commits may be late. */
  private static final Duration SETTLES = Duration.ofMinutes(2);

  private final ConcurrentHashMap<OrgId, Past> pasts = new ConcurrentHashMap<>();

  /** How many runs have an id below this one. */
  private record Past(String until, long runs) {
    static final Past NOTHING = new Past("", 0);
  }

  /** States that no run is in are left out. */
  Map<String, Long> counts(Tx tx, OrgId org) {
    Past known = pasts.getOrDefault(org, Past.NOTHING);
    String settled = settled();
    String until = settled.compareTo(known.until()) > 0 ? settled : known.until();
    Map<String, Long> counts = new LinkedHashMap<>();
    RunStore.census(tx, org, known.until(), until).forEach(c -> counts.put(c.state(), c.count()));
    long past = known.runs() + counts.getOrDefault(RunStore.PAST, 0L);
    pasts.put(org, new Past(until, past));
    long all = past + counts.getOrDefault(RunStore.RECENT, 0L);
    counts.keySet().removeAll(List.of(RunStore.PAST, RunStore.RECENT));
    long others = counts.values().stream().mapToLong(n -> n).sum();
    if (all > others) {
      counts.put(RunState.DONE.label(), all - others);
    }
    return counts;
  }

  /** An id of that time, by the clock that ids are made with. */
  private static String settled() {
    String id = Ids.next("run");
    long now = Long.parseLong(id.substring(4, 16), 16);
    return "run_%012x%020x".formatted(now - SETTLES.toMillis(), 0);
  }
}
