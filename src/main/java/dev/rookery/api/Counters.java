package dev.rookery.api;

import dev.rookery.kernel.OrgId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What is counted while serving. Plain adders, so that counting costs nothing worth counting. */
final class Counters {
  private final Map<Served, Sum> http = new ConcurrentHashMap<>();
  private final Map<Received, LongAdder> events = new ConcurrentHashMap<>();
  private final LongAdder droppedStreams = new LongAdder();

  /** Requests of one route with one outcome. */
  record Served(String route, int status) {}

  /**
   * Deliveries of one organization.
   *
   * @param decision {@code accepted}, {@code duplicate}, {@code skipped} or {@code rejected}
   */
  record Received(OrgId org, String decision) {}

  /** How many, and how long they took together. */
  record Sum(LongAdder count, LongAdder nanos) {}

  void served(String route, int status, long nanos) {
    Sum sum =
        http.computeIfAbsent(
            new Served(route, status), _ -> new Sum(new LongAdder(), new LongAdder()));
    sum.count().increment();
    sum.nanos().add(nanos);
  }

  void event(OrgId org, String decision) {
    events.computeIfAbsent(new Received(org, decision), _ -> new LongAdder()).increment();
  }

  /** A client that did not take its events. */
  void droppedStream() {
    droppedStreams.increment();
  }

  long droppedStreams() {
    return droppedStreams.sum();
  }

  Map<Served, Sum> http() {
    return Map.copyOf(http);
  }

  Set<Received> received() {
    return Set.copyOf(events.keySet());
  }

  long events(Received key) {
    LongAdder count = events.get(key);
    return count == null ? 0 : count.sum();
  }
}
