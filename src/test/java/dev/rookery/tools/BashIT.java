package dev.rookery.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.Cancellation;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Demand;
import dev.rookery.sandbox.BackgroundTasks;
import dev.rookery.sandbox.SandboxSettings;
import dev.rookery.sandbox.Sandboxes;
import dev.rookery.sandbox.confinement.Network;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import dev.rookery.tools.Tool.Call;
import dev.rookery.tools.Tool.Found;
import dev.rookery.tools.Tool.ToolResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@BothEngines
final class BashIT {
  private static final Bash.Ways NOWHERE =
      new Bash.Ways() {
        @Override
        public Network of(Tool.Caller caller) {
          return Network.OFF;
        }

        @Override
        public boolean anywhere(Tool.Caller caller) {
          return false;
        }
      };

  private final Sandboxes sandboxes;
  private final Bash bash;
  private final List<Tool> background;
  private final OrgId org;
  private final AgentId agent;
  private final RunId run = RunId.next();
  private int step;

  BashIT(TestDatabase db, @TempDir Path directory) {
    org = db.newOrg();
    agent = db.database().write(org, tx -> Rows.agent(tx, org));
    sandboxes = Sandboxes.open(SandboxSettings.from(directory, Map.of()), db.database(), () -> 1);
    BackgroundTasks tasks = new BackgroundTasks(db.database(), () -> sandboxes);
    bash = new Bash(sandboxes, tasks, NOWHERE);
    background = BackgroundTool.all(tasks);
    assumeTrue(sandboxes.availability().chosen().isPresent(), sandboxes.availability()::sentence);
  }

  @AfterEach
  void close() {
    sandboxes.close();
  }

  private Call call(String arguments) {
    return call(arguments, Cancellation.NEVER);
  }

  private Call call(String arguments, Cancellation cancellation) {
    Tool.Caller caller = new Tool.Caller(org, agent, run, ++step, "test:1", 1);
    return new Call(caller, Json.parse(arguments), "key", cancellation);
  }

  private String says(String command) {
    return bash.call(call(Json.write(Json.object().put("command", command)))).text();
  }

  @Test
  void it_answers_with_output_and_code_and_keeps_the_session() {
    assertThat(says("mkdir -p d; cd d; export A=1; echo hi; exit 3"))
        .isEqualTo("hi\n[exit code 3]");
    assertThat(says("echo $A ${PWD##*/}")).isEqualTo("1 d\n[exit code 0]");
    assertThat(bash.call(call("{\"command\": \"echo ${A-none}\", \"session\": \"other\"}")))
        .isEqualTo(ToolResult.ok("none\n[exit code 0]"));
    assertThat(bash.call(call("{\"command\": \"pwd\", \"cwd\": \"d\"}")).text()).contains("/d\n");
  }

  @Test
  void output_is_cleaned_and_its_end_is_shown() {
    assertThat(says("printf 'a\\033[31mred\\033[0m \\377\\n'")).startsWith("ared \ufffd\n");

    String long64 =
        says("head -c 150000 /dev/zero | tr '\\0' 'x'; echo; printf '€%.0s' {1..9000}; echo END");

    assertThat(long64).startsWith("[").contains("bytes before this are left out]");
    assertThat(long64).endsWith("€END\n[exit code 0]").doesNotContain("\ufffd");
    assertThat(long64.length()).isLessThan(70_000);
  }

  @Test
  void a_command_that_takes_too_long_is_an_error_that_says_so() {
    ToolResult result =
        bash.call(call("{\"command\": \"echo before; sleep 60\", \"timeout_s\": 1}"));

    assertThat(result.error()).isTrue();
    assertThat(result.text())
        .startsWith("before\n")
        .endsWith("[exit code 124: ended, it took longer than 1 s]");
  }

  @Test
  void a_cancelled_command_is_an_error() {
    CancelSwitch cancel = new CancelSwitch();
    CompletableFuture<ToolResult> result =
        CompletableFuture.supplyAsync(() -> bash.call(call("{\"command\": \"sleep 60\"}", cancel)));
    cancel.fire();

    assertThat(result.join().error()).isTrue();
    assertThat(result.join().text()).contains("cancelled");
  }

  @Test
  void after_a_crash_the_recorded_code_is_found_and_nothing_else() {
    Call call = call("{\"command\": \"echo did it; exit 4\"}");
    assertThat(bash.lookUp(call)).isEqualTo(new Found.CannotTell());

    bash.call(call);

    assertThat(bash.lookUp(call))
        .isInstanceOfSatisfying(
            Found.Happened.class,
            found ->
                assertThat(found.result().text())
                    .startsWith("did it\n")
                    .endsWith("[exit code 4]")
                    .contains("restarted"));
  }

  @Test
  void a_task_in_the_background_is_listed_read_and_stopped() {
    Call start = call("{\"command\": \"echo up; sleep 60\", \"background\": true}");
    assertThat(bash.lookUp(start)).isEqualTo(new Found.Absent());
    String said = bash.call(start).text();
    String id = said.replaceAll("(?s).*(bgt_[0-9a-f]{32}).*", "$1");
    assertThat(bash.lookUp(start)).isEqualTo(new Found.Happened(ToolResult.ok(said)));

    String one = "{\"id\": \"" + id + "\"}";
    assertThat(background.get(0).call(call("{}")).text()).contains(id, "running");
    awaitRead(one, "up\n");
    assertThat(background.get(2).call(call(one)).error()).isFalse();
    awaitRead(one, "\"state\":\"killed\"");
    assertThat(background.get(1).call(call("{\"id\": \"bgt_" + "0".repeat(32) + "\"}")).text())
        .contains("task-not-found");
  }

  private void awaitRead(String one, String words) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!background.get(1).call(call(one)).text().contains(words)) {
      assertThat(System.nanoTime()).as(words).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void it_says_what_it_would_do() {
    Call call = call("{\"command\": \"rm -rf /\", \"cwd\": \"d\", \"timeout_s\": 5}");

    assertThat(bash.demands(call.arguments())).containsExactly(new Demand.Command("rm -rf /"));
    assertThat(bash.preview(call)).isEqualTo("rm -rf /\n[cwd: d]\n[timeout_s: 5]");
    assertThat(bash.capabilities()).containsExactly(Capability.SHELL_RUN);
    assertThat(bash.effectClass()).isEqualTo(EffectClass.SANDBOX);
    ArgumentSchema.check(bash.spec().schema());
    background.forEach(tool -> ArgumentSchema.check(tool.spec().schema()));
  }
}
