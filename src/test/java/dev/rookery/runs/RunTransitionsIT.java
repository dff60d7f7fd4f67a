package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All 36 transitions, tried on the database itself. */
@BothEngines
final class RunTransitionsIT {
  private final Database database;
  private final OrgId org;

  RunTransitionsIT(TestDatabase db) {
    this.database = db.database();
    this.org = db.newOrg();
  }

  static Stream<Arguments> all() {
    return Arrays.stream(RunState.values())
        .flatMap(from -> Arrays.stream(RunState.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest(name = "{0} → {1}")
  @MethodSource("all")
  void the_database_lets_nothing_leave_a_terminal_state_and_allows_what_the_rules_allow(
      RunState from, RunState to) {
    RunId run = database.write(org, tx -> Rows.run(tx, org, Rows.agent(tx, org)));
    set(run, from);

    boolean changed;
    try {
      changed = set(run, to);
    } catch (RuntimeException refused) {
      changed = false;
    }

    assertThat(changed).isEqualTo(!from.over() || from == to);
    assertThat(!from.mayBecome(to) || changed).as("what the rules allow is possible").isTrue();
    RunState now =
        database.read(org, tx -> RunStore.find(tx, org, run)).orElseThrow().status().state();
    assertThat(now).isEqualTo(changed ? to : from);
  }

  private boolean set(RunId run, RunState state) {
    return database.<Integer>write(
            org,
            tx ->
                tx.handle()
                    .execute("UPDATE run SET state = ? WHERE id = ?", state.label(), run.value()))
        == 1;
  }
}
