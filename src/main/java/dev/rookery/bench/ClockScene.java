package dev.rookery.bench;

import dev.rookery.House;
import dev.rookery.bench.BenchStore.Tick;
import dev.rookery.bench.Figure.Aim;
import dev.rookery.kernel.OrgId;
import dev.rookery.occurrences.Clockwork;
import dev.rookery.occurrences.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What is measured of schedules that are kept: the scan, firing, lateness. */
final class ClockScene {
  private static final Aim SCAN = new Aim.AtMost(5);
  private static final Aim FIRES = new Aim.AtLeast(200);
  private static final Aim NONE = new Aim.AtMost(0);
  private static final Aim IN_TIME = new Aim.AtMost(1_000);
  private static final Aim WHOLE_HOUR = new Aim.AtLeast(360);
  private static final Duration GLANCE = Duration.ofMillis(200);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration FIFTY_SECONDS = Duration.ofSeconds(50);
  private static final int CALM = 50;
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  /** How long after the last time its verdict is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BenchOptions options;
  private final Report report;
  private final Progress progress;

  ClockScene(BenchOptions options, Report report, Progress progress) {
    this.options = options;
    this.report = report;
    this.progress = progress;
  }

  private int many() {
    return options.size(10_000, 100);
  }

  /** Time passes in steps of the clock's poll; each schedule fires once in a minute. */
  void scans() throws InterruptedException {
    int many = many();
    List<Double> median = new ArrayList<>();
    List<Double> slow = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    try (WoundClock clock = WoundClock.start(options.directory("schedules-scan"))) {
      progress.say("making " + many + " schedules");
      Sowing.sow(clock.house(), clock.org(), many, MINUTE);
      minute(clock, new Latencies());
      for (int round = 1; round <= options.rounds(); round++) {
        Latencies scans = new Latencies();
        rates.add(many / minute(clock, scans));
        median.add(scans.millis(0.5));
        slow.add(scans.millis(0.99));
        progress.say("round %d: %.0f fired per second".formatted(round, rates.getLast()));
      }
    }
    String among = "due-scan among %,d schedules, ".formatted(many);
    report.add(Figure.of(among + "p50", median, "ms", SCAN));
    report.add(Figure.of(among + "p99", slow, "ms", SCAN));
    report.add(Figure.of("fires without runs, one after another", rates, "/s", FIRES));
  }

  /** The seconds in which all fired once. */
  private double minute(WoundClock clock, Latencies scans) {
    long from = clock.now() + 1;
    long firing = 0;
    for (long step = 0; step < MINUTE.dividedBy(GLANCE); step++) {
      clock.pass(GLANCE);
      long start = System.nanoTime();
      int due = clock.scan();
      long scanned = System.nanoTime();
      clock.look();
      firing += System.nanoTime() - scanned;
      if (due > 0) {
        scans.add(scanned - start);
      }
    }
    List<Tick> ticks = clock.ticks(from, clock.now() + 1);
    Mismatch.unlessEqual("verdicts", many(), ticks.size());
    Mismatch.unlessEqual("fired times", many(), of(Verdict.FIRED, ticks));
    return firing / 1e9;
  }

  private static long of(Verdict verdict, List<Tick> ticks) {
    return ticks.stream().filter(tick -> tick.verdict().equals(verdict.spelled())).count();
  }

  /** An hour in which the clock is looked at as often as on a node. */
  void hour() throws InterruptedException {
    try (WoundClock clock = WoundClock.start(options.directory("schedules-hour"))) {
      Sowing.sow(clock.house(), clock.org(), 1, TEN_SECONDS);
      long from = clock.now() + 1;
      Duration step = options.quick() ? GLANCE.multipliedBy(10) : GLANCE;
      for (long i = 0; i < HOUR.dividedBy(step); i++) {
        clock.pass(step);
        clock.look();
      }
      List<Tick> ticks = clock.ticks(from, clock.now() + 1);
      Mismatch.unlessEqual("verdicts", HOUR.dividedBy(TEN_SECONDS), ticks.size());
      double fired = of(Verdict.FIRED, ticks);
      report.add(
          Figure.of(
              "fired in a simulated hour of a 10 s schedule", List.of(fired), "times", WHOLE_HOUR));
    }
    progress.say("simulated hour done");
  }

  /** On the real clock: the times alone, and then a whole node that makes runs and replies. */
  void rate() throws InterruptedException {
    try (WoundClock clock = WoundClock.real(options.directory("schedules-rate"));
        Clockwork _ = clock.house().occurrences.serve()) {
      rate(new Place(clock.house(), clock.org()), "without runs", NONE);
    }
    try (BenchNode node = BenchNode.start(options.directory("schedules-runs"), null)) {
      rate(new Place(node.house(), node.org()), "with their runs", NONE);
    }
  }

  /** Whose ledger is read. */
  private record Place(House house, OrgId org) {
    List<Tick> ticks(long from, long to) {
      return house.database().read(org, tx -> BenchStore.ticks(tx, org, from, to));
    }

    /** Nothing is due, and nothing waits to be dispatched, but for what came just now. */
    boolean calm() {
      return house.occurrences.due(CALM) < CALM
          && house.database().read(org, tx -> BenchStore.openRuns(tx, org)) < CALM;
    }
  }

  private void rate(Place place, String how, @Nullable Aim aim) throws InterruptedException {
    double perSecond = many() / (double) FIFTY_SECONDS.toSeconds();
    Duration window = Duration.ofSeconds(options.size(20, 2));
    progress.say("making " + many() + " schedules of 50 s");
    Sowing.sow(place.house(), place.org(), many(), FIFTY_SECONDS);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!place.calm() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(GLANCE.toNanos());
    }
    progress.say(
        "%.0f fires per second for %d s, %s".formatted(perSecond, window.toSeconds(), how));
    List<Tick> ticks = watch(place, window, Math.round(perSecond * window.toSeconds()));
    String at = " at %.0f fires/s, %s".formatted(perSecond, how);
    report.add(Figure.of("missed" + at, List.of((double) of(Verdict.MISSED, ticks)), "times", aim));
    report.add(Figure.of("lateness p99" + at, List.of(late(ticks).millis(0.99)), "ms", null));
  }

  /**
   * A schedule that fires every second, on the real clock of a node that does nothing else.
   *
   * @param seconds how long
   */
  void lateness(int seconds) throws InterruptedException {
    progress.say("a schedule of 1 s for " + seconds + " s");
    List<Tick> ticks;
    try (BenchNode node = BenchNode.start(options.directory("schedules-late"), null)) {
      Sowing.sow(node.house(), node.org(), 1, Duration.ofSeconds(1));
      ticks = watch(new Place(node.house(), node.org()), Duration.ofSeconds(seconds), seconds);
    }
    Mismatch.unlessEqual("fired times", seconds, of(Verdict.FIRED, ticks));
    Latencies late = late(ticks);
    String name = "lateness of a 1 s schedule, real clock, ";
    report.add(Figure.of(name + "p50", List.of(late.millis(0.5)), "ms", null));
    report.add(Figure.of(name + "p99", List.of(late.millis(0.99)), "ms", IN_TIME));
    report.add(Figure.of(name + "max", List.of(late.millis(1)), "ms", null));
  }

  /** The verdicts of all times in a span that begins with the next whole second. */
  private static List<Tick> watch(Place place, Duration window, long expected) {
    long from = (Instant.now().getEpochSecond() + 1) * 1_000;
    long to = from + window.toMillis();
    long deadline = to + PATIENCE.toMillis();
    List<Tick> ticks = List.of();
    while (ticks.size() < expected && Instant.now().toEpochMilli() < deadline) {
      LockSupport.parkNanos(GLANCE.toNanos());
      if (Instant.now().toEpochMilli() > to) {
        ticks = place.ticks(from, to);
      }
    }
    Mismatch.unlessEqual("times with a verdict", expected, ticks.size());
    return ticks;
  }

  private static Latencies late(List<Tick> ticks) {
    Latencies late = new Latencies();
    ticks.forEach(tick -> late.add(Duration.ofMillis(tick.lateMillis()).toNanos()));
    return late;
  }
}
