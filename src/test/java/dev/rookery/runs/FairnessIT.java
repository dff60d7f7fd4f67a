package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.RunWorkers.Settings;
import dev.rookery.store.Engine;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.TestDatabases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A busy organization does not keep others waiting (spec 02, "Leases"). */
final class FairnessIT {
  private static List<RunId> queue(
      Colony colony, Agent agent, int count, IntFunction<String> conversation) {
    OrgId org = agent.org();
    List<RunId> runs = new ArrayList<>();
    colony
        .database()
        .write(
            org,
            tx -> {
              for (int i = 0; i < count; i++) {
                String key = conversation.apply(i);
                NewRun run =
                    new NewRun(
                        RunId.next(),
                        agent.id(),
                        ActivationId.next(),
                        key,
                        new NewRun.Nature("turn", 0, true),
                        Duration.ZERO,
                        Duration.ofDays(1));
                colony.house().conversations.note(tx, org, Colony.line(key, "x"));
                colony
                    .house()
                    .runs
                    .queue(
                        tx,
                        org,
                        run,
                        List.of(
                            new Runs.Input(
                                EventId.next(), "x", new Runs.Speaker("test:ada", true))));
                runs.add(run.id());
              }
              return runs;
            });
    return runs;
  }

  private static Settings places(Settings s, int perNode, int perOrg) {
    return new Settings(s.node(), perNode, perOrg, s.perAgent(), s.lease(), s.probe());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void five_runs_of_one_are_done_long_before_a_thousand_of_another(Engine engine) {
    try (TestDatabase db = TestDatabases.fresh(engine);
        Colony colony = Colony.scripted(db.database(), Colony.ECHO)) {
      Agent busy = colony.agent("busy");
      Agent quiet = colony.agent(colony.newOrg(), "quiet");
      queue(colony, busy, 1_000, i -> "chat " + i);
      List<RunId> few = queue(colony, quiet, 5, i -> "chat " + i);

      colony.working(s -> places(s, 4, 4));
      few.forEach(colony::over);

      long done =
          colony.house().runs.counts(busy.org()).entrySet().stream()
              .filter(e -> e.getKey().equals("done"))
              .mapToLong(java.util.Map.Entry::getValue)
              .sum();
      assertThat(done).as("runs of the busy one that were done by then").isLessThan(100);
      colony.stop();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void runs_that_may_not_start_take_no_place_from_others(Engine engine) {
    try (TestDatabase db = TestDatabases.fresh(engine);
        Colony colony = Colony.scripted(db.database(), Colony.ECHO)) {
      Agent stuck = colony.agent("stuck");
      List<RunId> behind = queue(colony, stuck, 50, _ -> "one chat");
      colony
          .database()
          .<Integer>write(
              stuck.org(),
              tx ->
                  tx.handle()
                      .execute(
                          "UPDATE run SET state = 'waiting_permission' WHERE id = ?",
                          behind.getFirst().value()));
      Agent quiet = colony.agent(colony.newOrg(), "quiet");
      List<RunId> few = queue(colony, quiet, 5, i -> "chat " + i);

      colony.working(s -> places(s, 1, 1));

      few.forEach(run -> assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE));
      assertThat(colony.run(behind.get(1)).status().state()).isEqualTo(RunState.QUEUED);
    }
  }
}
