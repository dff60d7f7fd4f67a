package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database itself refuses to bring back what is over. */
@BothEngines
final class TerminalStatesIT {
  private final Database database;
  private final OrgId org;

  TerminalStatesIT(TestDatabase db) {
    this.database = db.database();
    this.org = db.newOrg();
  }

  @ParameterizedTest
  @ValueSource(strings = {"done", "failed", "cancelled"})
  void a_run_that_is_over_never_changes_its_state(String over) {
    RunId run = newRun();
    setRun(run, "running");
    setRun(run, over);

    assertThatThrownBy(() -> setRun(run, "running")).hasMessageContaining("a run that is over");
    assertThatThrownBy(() -> setRun(run, "queued")).hasMessageContaining("a run that is over");
    assertThat(setRun(run, over)).as("writing the same state again").isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"done", "failed", "skipped"})
  void a_step_that_is_over_never_changes_its_state(String over) {
    RunId run = newRun();
    database.write(
        org,
        tx -> {
          Rows.step(tx, org, run, 1);
          return 1;
        });
    setStep(run, over);

    assertThatThrownBy(() -> setStep(run, "started")).hasMessageContaining("a step that is over");
    assertThat(setStep(run, over)).as("writing the same state again").isEqualTo(1);
  }

  private RunId newRun() {
    return database.write(org, tx -> Rows.run(tx, org, Rows.agent(tx, org)));
  }

  private int setRun(RunId run, String state) {
    return database.write(
        org,
        tx -> tx.handle().execute("UPDATE run SET state = ? WHERE id = ?", state, run.value()));
  }

  private int setStep(RunId run, String state) {
    return database.write(
        org,
        tx ->
            tx.handle().execute("UPDATE step SET state = ? WHERE run_id = ?", state, run.value()));
  }
}
