package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import dev.rookery.kernel.Refusal;
import dev.rookery.schedules.Timetable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench schedules}. */
@Command(
    name = "schedules",
    description = {
      "Next times of cron expressions per second, and how fast impossible ones are refused.",
      "Then 10,000 schedules: how long it takes to see which are due, how many fire per second, and"
          + " whether one is missed at 200 a second; and how late a schedule fires on the real clock."
    },
    footer = "  rookery bench schedules --seconds 30")
final class SchedulesBench implements Callable<Integer> {
  private static final Aim NEXT_TIMES = new Aim.AtLeast(500_000);
  private static final Aim REFUSED = new Aim.AtMost(5);
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> ZONES =
      List.of("UTC", "America/New_York", "Europe/Berlin", "Africa/Casablanca", "Asia/Kathmandu");
  private static final List<String> MIX =
      List.of(
          "* * * * *",
          "*/15 * * * *",
          "0 * * * *",
          "30 2 * * *",
          "0 9 * * mon-fri",
          "0 9,13,17 * * *",
          "*/10 8-17 * * 1-5",
          "0 0 1 * *",
          "0 0 13 * 5",
          "0 0 29 2 *");
  private static final List<String> IMPOSSIBLE =
      List.of(
          "30 2 31 2 *", "0 0 30 feb *", "* * 31 4,6,9,11 *", "*/5 * 30-31 2 *", "0 0 31 2 */2");

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      description = "How long a schedule is watched on the real clock (default: 120).")
  private int seconds = 120;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  SchedulesBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    if (options.databaseUrl() != null) {
      throw new Mismatch("bench schedules measures the embedded store; leave out --database-url.");
    }
    expressions(report, progress);
    ClockScene clock = new ClockScene(options, report, progress);
    clock.scans();
    clock.hour();
    clock.rate();
    clock.lateness(options.size(Math.max(1, seconds), 3));
  }

  private void expressions(Report report, Progress progress) {
    report.add(Figure.of("impossible expression refused, p99", refusals(), "ms", REFUSED));
    List<Timetable> mix = mix();
    int steps = options.size(40_000, 40);
    walk(mix, steps);
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      long start = System.nanoTime();
      walk(mix, steps);
      rates.add((double) steps * mix.size() / ((System.nanoTime() - start) / 1e9));
    }
    report.add(Figure.of("next times of cron expressions", rates, "/s", NEXT_TIMES));
    progress.say("next times done");
  }

  private static List<Timetable> mix() {
    return ZONES.stream()
        .flatMap(zone -> MIX.stream().<Timetable>map(cron -> Timetable.cron(cron, zone)))
        .toList();
  }

  /** Each timetable from one time to its next, beginning anew before the years end. */
  private static void walk(List<Timetable> mix, int steps) {
    long found = 0;
    for (Timetable timetable : mix) {
      Instant at = BEGIN;
      for (int i = 0; i < steps; i++) {
        if (i % 200 == 0) {
          at = BEGIN.plusSeconds(i);
        }
        Instant next = timetable.next(at).orElseThrow();
        found += next.isAfter(at) ? 1 : 0;
        at = next;
      }
    }
    Mismatch.unlessEqual("next times", (long) steps * mix.size(), found);
  }

  /** The 99th percentile of each round, in milliseconds. */
  private List<Double> refusals() {
    int tries = options.size(2_000, 20);
    List<Double> rounds = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      double[] took = new double[tries];
      for (int i = 0; i < tries; i++) {
        String expression = IMPOSSIBLE.get(i % IMPOSSIBLE.size());
        long start = System.nanoTime();
        boolean refused = refused(expression);
        took[i] = (System.nanoTime() - start) / 1e6;
        Mismatch.unlessEqual("refusals of " + expression, 1, refused ? 1 : 0);
      }
      Arrays.sort(took);
      rounds.add(took[(tries - 1) * 99 / 100]);
    }
    return rounds;
  }

  private static boolean refused(String expression) {
    try {
      Timetable.cron(expression, "UTC");
      return false;
    } catch (Refusal refusal) {
      return refusal.code().equals("never-fires");
    }
  }
}
