package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs per state, counted once and remembered. */
@BothEngines
final class RunCensusIT {
  private final Colony colony;
  private final Agent rook;
  private final RunId longAgo = new RunId("run_019000000000" + RunId.next().value().substring(16));

  RunCensusIT(TestDatabase db) {
    this.colony = Colony.scripted(db.database(), Colony.ECHO);
    this.rook = colony.agent("rook");
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private RunId queue(RunId id) {
    NewRun run =
        new NewRun(
            id,
            rook.id(),
            ActivationId.next(),
            "test:" + id,
            new NewRun.Nature("turn", 0, true),
            Duration.ZERO,
            Duration.ofDays(1));
    Runs.Input input = new Runs.Input(EventId.next(), "hello", new Runs.Speaker("test:ada", true));
    return colony
        .database()
        .write(
            colony.org(),
            tx -> {
              colony.house().runs.queue(tx, colony.org(), run, List.of(input));
              return id;
            });
  }

  private void end(RunId run, RunState state) {
    colony
        .database()
        .write(
            colony.org(),
            tx -> {
              RunStore.finish(tx, colony.org(), run, new Run.Status(state, null, null, "over"));
              return run;
            });
  }

  private Map<String, Long> counts(RunCensus census) {
    return counts(census, colony.org());
  }

  private Map<String, Long> counts(RunCensus census, OrgId org) {
    return colony.database().read(org, tx -> census.counts(tx, org));
  }

  @Test
  void runs_of_long_ago_and_of_now_are_counted_in_the_state_that_they_are_in() {
    RunCensus census = new RunCensus();
    assertThat(counts(census)).isEmpty();
    queue(longAgo);
    RunCensus later = new RunCensus();
    assertThat(counts(later)).isEqualTo(Map.of("queued", 1L));
    end(longAgo, RunState.DONE);
    assertThat(counts(later)).isEqualTo(Map.of("done", 1L));
    RunId failed = queue(RunId.next());
    RunId open = queue(RunId.next());
    end(failed, RunState.FAILED);
    Map<String, Long> all = Map.of("done", 1L, "failed", 1L, "queued", 1L);
    assertThat(counts(later)).isEqualTo(all).isEqualTo(counts(new RunCensus()));
    end(open, RunState.DONE);
    assertThat(counts(later)).isEqualTo(Map.of("done", 2L, "failed", 1L));
  }

  @Test
  void another_organization_has_runs_of_its_own() {
    RunCensus census = new RunCensus();
    queue(longAgo);
    queue(RunId.next());
    OrgId other = colony.newOrg();
    assertThat(counts(census, other)).isEmpty();
    assertThat(counts(census)).isEqualTo(Map.of("queued", 2L));
  }
}
