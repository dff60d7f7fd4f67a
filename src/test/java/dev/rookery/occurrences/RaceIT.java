package dev.rookery.occurrences;

import static dev.rookery.occurrences.Timekeeper.every;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.House;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.PolicyId;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.BothEngines;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes look at one clock, and are killed wherever they stand. */
@BothEngines
final class RaceIT {
  private static final int NODES = 2;
  private static final int ROUNDS = 60;
  private final Timekeeper keeper;
  private final Random random = new Random(4);

  RaceIT(TestDatabase db) {
    this.keeper = new Timekeeper(db);
  }

  @AfterEach
  void close() {
    keeper.close();
  }

  /** A node of its own: its pace, its loops, its way to die. */
  private Occurrences node(long seed) {
    House house = keeper.colony.house();
    return new Occurrences(
        new DyingDatabase(keeper.db.database(), seed, 0.15),
        house.journal,
        new Occurrences.Rooms(
            house.activations,
            house.inbox,
            house.events,
            house.conversations,
            house.runs,
            house.approvals,
            house.outbox));
  }

  private static boolean live(Occurrences node, Ticker ticker) {
    try {
      ticker.round();
      node.settling().round();
      node.reconciler().round();
      return true;
    } catch (StorageUnavailable _) {
      return false;
    }
  }

  @Test
  void each_time_has_one_verdict_and_at_most_one_event() {
    Instant start = keeper.now();
    Map<PolicyId, Timetable> schedules = schedules(start);
    List<Occurrences> nodes = new ArrayList<>(List.of(node(1), node(2)));
    List<Ticker> tickers = new ArrayList<>(nodes.stream().map(Occurrences::ticker).toList());
    int deaths = 0;
    for (int round = 0; round < ROUNDS; round++) {
      keeper.db.clock().advance(Duration.ofMillis(random.nextInt(8_000)));
      List<Boolean> alive = Together.on(NODES, i -> live(nodes.get(i), tickers.get(i)));
      for (int i = 0; i < NODES; i++) {
        if (!alive.get(i)) {
          deaths++;
          nodes.set(i, node(random.nextLong()));
          tickers.set(i, nodes.get(i).ticker());
        }
      }
      if (random.nextInt(3) == 0) {
        keeper.finishAll();
      }
    }
    keeper.look();

    assertThat(deaths).isGreaterThan(ROUNDS / 4);
    schedules.forEach((policy, timetable) -> keeper.prove(policy, timetable, start, keeper.now()));
    assertThat(
            keeper.colony.journal().stream()
                .filter(r -> r.entry().kind().equals("schedule.reconciled")))
        .isEmpty();
  }

  private Map<PolicyId, Timetable> schedules(Instant start) {
    Map<PolicyId, Timetable> schedules = new LinkedHashMap<>();
    for (Overlap overlap : Overlap.values()) {
      for (Missed missed : Missed.values()) {
        Duration every = Duration.ofSeconds(3 + random.nextInt(8));
        var config = every(every).put("overlap", overlap.spelled()).put("missed", missed.spelled());
        PolicyId policy = keeper.schedule(Trigger.INTERVAL, config).id();
        schedules.put(policy, new Timetable.Interval(every, start));
      }
    }
    return schedules;
  }
}
