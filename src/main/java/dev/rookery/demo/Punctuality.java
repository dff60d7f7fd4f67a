package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What became of the times of a schedule.
 *
 * @param expected times from the first to the last
 * @param down those of them between the kill and the new start
 * @param verdicts how many have which
 * @param ran those that were to run: in time, or late
 * @param doubled times with more than one verdict, runs beyond those of the ledger, and messages
 *     beyond one for each run
 * @param unaccounted times without a verdict, verdicts about no time, and times that were to run
 *     and have no finished run
 */
record Punctuality(
    Duration every,
    int expected,
    int down,
    Map<String, Integer> verdicts,
    int ran,
    int messages,
    int doubled,
    int unaccounted) {
  private static final Set<String> RUN = Set.of("fired", "late");

  Punctuality {
    verdicts = Map.copyOf(verdicts);
  }

  /** The times that the demonstration computes itself: from the anchor on, after one, up to one. */
  record Expected(Instant anchor, Duration every, Instant after, Instant to) {
    List<Instant> times() {
      List<Instant> times = new ArrayList<>();
      for (Instant at = anchor; !at.isAfter(to); at = at.plus(every)) {
        if (at.isAfter(after)) {
          times.add(at);
        }
      }
      return times;
    }
  }

  /** What the world saw: messages, runs on record, and the time without a server. */
  record World(int messages, int runs, Instant killed, Instant started) {
    boolean isDown(Instant at) {
      return at.isAfter(killed) && at.isBefore(started);
    }
  }

  /** One line of the ledger, which may stand for several times. */
  record Line(Instant first, Instant last, String verdict, String run, String result) {
    static Line of(JsonNode json) {
      return new Line(
          Instant.parse(json.path("nominal_at").asText()),
          Instant.parse(json.path("last_at").asText()),
          json.path("verdict").asText(),
          json.path("run").asText(""),
          json.path("result").asText(""));
    }

    boolean covers(Instant at) {
      return !at.isBefore(first) && !at.isAfter(last);
    }

    boolean runs() {
      return RUN.contains(verdict);
    }

    /** Nothing of it is under way any more. */
    boolean over() {
      return !result.isEmpty() && !result.equals("null");
    }
  }

  static Punctuality count(Expected expected, List<Line> lines, World world) {
    List<Instant> times = expected.times();
    Map<String, Integer> verdicts = new TreeMap<>();
    int doubled = 0;
    int unaccounted = 0;
    for (Instant at : times) {
      List<Line> covering = lines.stream().filter(line -> line.covers(at)).toList();
      covering.stream().limit(1).forEach(line -> verdicts.merge(line.verdict(), 1, Integer::sum));
      doubled += Math.max(0, covering.size() - 1);
      unaccounted += covering.isEmpty() ? 1 : 0;
    }
    List<Line> running = lines.stream().filter(Line::runs).toList();
    Set<String> runs = new HashSet<>();
    for (Line line : running) {
      boolean own = line.result().equals("done") && runs.add(line.run());
      unaccounted += own ? 0 : 1;
    }
    unaccounted +=
        (int) lines.stream().filter(line -> times.stream().noneMatch(line::covers)).count();
    doubled += Math.max(0, world.runs() - runs.size());
    doubled += Math.max(0, world.messages() - running.size());
    return new Punctuality(
        expected.every(),
        times.size(),
        (int) times.stream().filter(world::isDown).count(),
        verdicts,
        running.size(),
        world.messages(),
        doubled,
        unaccounted);
  }

  /** Such as {@code 3 fired, 2 missed}. */
  String words() {
    return new TreeMap<>(verdicts)
        .entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().replace('_', ' '))
            .collect(Collectors.joining(", "));
  }
}
