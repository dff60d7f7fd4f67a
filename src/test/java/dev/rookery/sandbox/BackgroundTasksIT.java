package dev.rookery.sandbox;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.homes.SandboxHomes;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.sandbox.BackgroundTask.State;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@BothEngines
final class BackgroundTasksIT {
  private final TestDatabase db;
  private final Sandboxes sandboxes;
  private final BackgroundTasks tasks;
  private final OrgId org;
  private final AgentId agent;

  BackgroundTasksIT(TestDatabase db, @TempDir Path directory) {
    this.db = db;
    org = db.newOrg();
    agent = db.database().write(org, tx -> Rows.agent(tx, org));
    sandboxes = Sandboxes.open(SandboxSettings.from(directory, Map.of()), db.database(), () -> 1);
    tasks = new BackgroundTasks(db.database(), () -> sandboxes);
    tasks.recover();
    assumeTrue(sandboxes.availability().chosen().isPresent(), sandboxes.availability()::sentence);
  }

  @AfterEach
  void close() {
    sandboxes.close();
  }

  private BackgroundTask start(String line) {
    return start(agent, line);
  }

  private BackgroundTask start(AgentId who, String line) {
    return tasks.start(org, who, Exec.shell(line).with(new StepRef(RunId.next(), 1, 1)));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private State state(BackgroundTask task) {
    return tasks.get(org, agent, task.id()).state();
  }

  private String output(BackgroundTask task) {
    return tasks.output(org, task, 1_000).text();
  }

  @Test
  void a_task_goes_on_is_read_and_ends_with_its_code() {
    BackgroundTask task = start("echo first; read -t 20 < <(sleep 0.3); echo last; exit 6");
    assertThat(task.state()).isEqualTo(State.RUNNING);
    await(() -> output(task).contains("first"));

    await(() -> state(task) == State.DONE);

    BackgroundTask ended = tasks.get(org, agent, task.id());
    assertThat(ended.ending().code()).isEqualTo(6);
    assertThat(ended.ending().at()).isNotNull();
    assertThat(output(task)).isEqualTo("first\nlast\n");
    assertThat(tasks.list(org, agent)).containsExactly(ended);
  }

  @Test
  void a_later_run_stops_it() {
    BackgroundTask task = start("echo up; sleep 60");
    await(() -> output(task).contains("up"));
    sandboxes.stop(task.run(), "its run is over");

    tasks.stop(org, agent, task.id());

    await(() -> state(task) == State.KILLED);
    assertThat(tasks.get(org, agent, task.id()).ending().detail()).contains("cancelled");
    assertThat(tasks.stop(org, agent, task.id()).state()).isEqualTo(State.KILLED);
    assertThat(ProcessTable.now().marked(sandboxes.instance())).isEmpty();
  }

  @Test
  void what_ran_when_the_server_was_killed_is_lost() {
    BackgroundTask task = start("echo up; sleep 60");
    await(() -> output(task).contains("up"));

    BackgroundTasks next = new BackgroundTasks(db.database(), () -> sandboxes);
    next.recover();

    assertThat(next.get(org, agent, task.id()).state()).isEqualTo(State.LOST);
    assertThat(next.get(org, agent, task.id()).ending().detail()).contains("server");
    tasks.stop(org, agent, task.id());
    await(() -> ProcessTable.now().marked(sandboxes.instance()).isEmpty());
    assertThat(next.get(org, agent, task.id()).state()).isEqualTo(State.LOST);
  }

  @Test
  void a_step_starts_one_however_often_it_is_asked() {
    Exec exec = Exec.shell("sleep 60").with(new StepRef(RunId.next(), 1, 1));

    BackgroundTask first = tasks.start(org, agent, exec);
    BackgroundTask second = tasks.start(org, agent, exec);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(tasks.list(org, agent)).hasSize(1);
  }

  @Test
  void there_are_eight_at_most() {
    for (int i = 0; i < 8; i++) {
      start("sleep 60");
    }
    refused("too-many-tasks", () -> start("sleep 60"));
  }

  @Test
  void another_agent_and_another_organization_see_nothing_of_it() {
    BackgroundTask task = start("sleep 60");
    AgentId other = db.database().write(org, tx -> Rows.agent(tx, org));
    OrgId elsewhere = db.newOrg();

    assertThat(tasks.list(org, other)).isEmpty();
    refused("task-not-found", () -> tasks.get(org, other, task.id()));
    refused("task-not-found", () -> tasks.stop(org, other, task.id()));
    assertThat(tasks.list(elsewhere, agent)).isEmpty();
    refused("task-not-found", () -> tasks.get(elsewhere, agent, task.id()));
  }

  @Test
  void agents_of_all_organizations_have_different_users_that_last(@TempDir Path again) {
    assumeTrue(sandboxes.homes().ownUsers(), "only root can give agents users");
    OrgId elsewhere = db.newOrg();
    AgentId second = db.database().write(org, tx -> Rows.agent(tx, org));
    AgentId third = db.database().write(elsewhere, tx -> Rows.agent(tx, elsewhere));

    int one = sandboxes.homes().of(org, agent).user();
    int two = sandboxes.homes().of(org, second).user();
    int three = sandboxes.homes().of(elsewhere, third).user();

    assertThat(new int[] {one, two, three}).doesNotHaveDuplicates();
    assertThat(new SandboxHomes(again, db.database(), 200_000).of(org, agent).user())
        .isEqualTo(one);
  }
}
