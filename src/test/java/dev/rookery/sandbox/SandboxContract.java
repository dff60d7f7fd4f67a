package dev.rookery.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.Cancellation;
import dev.rookery.sandbox.Command.Argv;
import dev.rookery.sandbox.Outcome.Exit;
import dev.rookery.sandbox.Outcome.Killed;
import dev.rookery.sandbox.Outcome.Why;
import dev.rookery.sandbox.SandboxSettings.Mode;
import dev.rookery.sandbox.Tried.Said;
import dev.rookery.sandbox.confinement.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every tier does; run on each that can start here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SandboxContract {
  private final Mode mode;
  private Tried tried;

  SandboxContract(Mode mode) {
    this.mode = mode;
  }

  @BeforeAll
  void open(@TempDir Path directory) {
    tried = Tried.open(directory, mode);
  }

  @AfterAll
  void close() {
    if (tried != null) {
      tried.close();
    }
  }

  @Test
  void a_command_says_something_and_ends_with_its_code() {
    Said said = tried.run("echo out; echo err >&2; exit 7");

    assertThat(said.text()).isEqualTo("out\nerr\n");
    said.endsWith(7);
  }

  @Test
  void a_program_runs_without_a_shell() {
    Said said = tried.run(Exec.of(new Argv(List.of("printf", "%s|", "a b", "$HOME", ""))));

    assertThat(said.text()).isEqualTo("a b|$HOME||");
    said.endsWith(0);
  }

  @Test
  void a_program_that_is_not_there_ends_with_127() {
    tried.run(Exec.of(new Argv(List.of("no-such-program")))).endsWith(127);
    tried.run("no-such-program").endsWith(127);
  }

  @Test
  void it_starts_in_the_home_which_lasts() {
    tried.run("echo kept > file; mkdir -p below").endsWith(0);

    assertThat(tried.run("cat file").text()).isEqualTo("kept\n");
    assertThat(tried.run(Exec.shell("basename \"$PWD\"").in(null, "below")).text())
        .isEqualTo("below\n");
    assertThat(tried.run("[ \"$PWD\" = \"$HOME\" ] && echo yes").text()).isEqualTo("yes\n");
  }

  @Test
  void a_directory_that_is_missing_is_an_error_of_the_command() {
    Said said = tried.run(Exec.shell("echo ran").in(null, "no/such/place"));

    said.endsWith(1);
    assertThat(said.text()).contains("No such file").doesNotContain("ran");
  }

  @Test
  void the_environment_is_what_was_given_and_nothing_of_the_server() {
    Said said = tried.run(Exec.shell("env").with(Map.of("GIVEN", "a=b\nc")));

    assertThat(said.text()).contains("GIVEN=a=b\nc", "HOME=", "GIT_CONFIG_NOSYSTEM=1");
    System.getenv().keySet().stream()
        .filter(name -> !List.of("HOME", "PATH", "LANG", "USER", "SHELL", "TERM").contains(name))
        .filter(name -> !List.of("_", "PWD", "OLDPWD", "SHLVL", "LOGNAME", "TMPDIR").contains(name))
        .forEach(name -> assertThat(said.text()).doesNotContain("\n" + name + "="));
  }

  @Test
  void it_reads_what_it_is_given_and_else_nothing() {
    byte[] much = "0123456789".repeat(50_000).getBytes(StandardCharsets.US_ASCII);

    assertThat(tried.run(Exec.shell("wc -c").reading(much)).text().strip()).isEqualTo("500000");
    assertThat(tried.run("wc -c").text().strip()).isEqualTo("0");
    tried.run(Exec.shell("true").reading(much)).endsWith(0);
  }

  @Test
  void a_long_command_is_run_whole() {
    String line = "x='" + "ä€𝄞".repeat(60_000) + "'; echo ${#x}";

    assertThat(tried.run(line).text().strip()).isEqualTo("180000");
  }

  @Test
  void what_no_shell_could_take_is_refused() {
    assertThatThrownBy(() -> tried.run("echo \0")).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> Exec.shell("x").in("../up", null)).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> Exec.shell("x").with(Map.of("A-B", "1"))).isInstanceOf(Refusal.class);
  }

  @Test
  void a_command_that_takes_too_long_is_ended_with_all_it_started() {
    Exec exec =
        Exec.shell("sleep 71 & (setsid sleep 72 &) ; setsid -f sleep 73; trap '' TERM; sleep 74")
            .with(Limits.USUAL.withTimeout(Duration.ofMillis(1_200)));

    long start = System.nanoTime();
    Said said = tried.run(exec);

    assertThat(said.outcome())
        .isInstanceOfSatisfying(
            Killed.class, killed -> assertThat(killed.why()).isEqualTo(Why.TIMEOUT));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
    nothingIsLeft();
  }

  @Test
  void what_a_command_leaves_running_dies_with_it() {
    tried.run("sleep 81 & (setsid sleep 82 &) ; setsid -f sleep 83; echo done").endsWith(0);

    nothingIsLeft();
  }

  void nothingIsLeft() {
    assertThat(ProcessTable.now().marked(tried.all().instance())).isEmpty();
  }

  @Test
  void a_cancelled_command_is_dead_soon() {
    Signal signal = new Signal();
    CompletableFuture<Said> ended =
        CompletableFuture.supplyAsync(
            () -> tried.run(Exec.shell("echo started; while true; do sleep 0.1; done"), signal));
    CompletableFuture.runAsync(
        signal::fire,
        CompletableFuture.delayedExecutor(300, java.util.concurrent.TimeUnit.MILLISECONDS));

    assertThat(ended.join().outcome())
        .isInstanceOfSatisfying(
            Killed.class, killed -> assertThat(killed.why()).isEqualTo(Why.CANCELLED));
    nothingIsLeft();
  }

  @Test
  void a_command_cancelled_before_it_starts_never_runs() {
    Signal signal = new Signal();
    signal.fire();

    Said said = tried.run(Exec.shell("echo ran > cancelled"), signal);

    assertThat(said.outcome()).isInstanceOf(Killed.class);
    assertThat(tried.sandbox().home().path().resolve("cancelled")).doesNotExist();
  }

  @Test
  void a_later_lease_of_the_run_ends_what_an_earlier_one_started() {
    RunId run = RunId.next();
    CompletableFuture<Void> started = new CompletableFuture<>();
    CompletableFuture<Outcome> earlier =
        CompletableFuture.supplyAsync(
            () ->
                tried
                    .sandbox()
                    .exec(
                        Exec.shell("echo up; sleep 91").with(new StepRef(run, 1, 5)),
                        (_, _) -> started.complete(null),
                        Cancellation.NEVER));
    started.join();

    tried.run(Exec.shell("true").with(new StepRef(run, 2, 6))).endsWith(0);

    assertThat(earlier.join())
        .isInstanceOfSatisfying(
            Killed.class, killed -> assertThat(killed.why()).isEqualTo(Why.SUPERSEDED));
  }

  @Test
  void output_beyond_what_is_kept_is_read_and_thrown_away() {
    AtomicLong kept = new AtomicLong();
    Exec exec =
        Exec.shell("head -c 20000000 /dev/zero; echo; echo end >&2; exit 3")
            .with(Limits.USUAL.withOutput(100_000));

    Outcome outcome = tried.sandbox().exec(exec, (_, n) -> kept.addAndGet(n), Cancellation.NEVER);

    assertThat(outcome).isEqualTo(new Exit(3));
    assertThat(kept.get()).isBetween(100_000L, 100_200L);
  }

  @Test
  void a_command_that_takes_too_much_memory_is_ended() {
    Exec exec =
        Exec.shell("x=$(head -c 300000000 /dev/zero | tr '\\0' x); sleep 5; echo survived")
            .with(Limits.USUAL.withMemory(150L << 20));

    Said said = tried.run(exec);

    assertThat(said.outcome())
        .isInstanceOfSatisfying(
            Killed.class, killed -> assertThat(killed.why()).isEqualTo(Why.MEMORY));
    nothingIsLeft();
  }

  @Test
  void four_commands_run_at_once_and_more_wait() {
    ConcurrentLinkedQueue<Integer> most = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<Outcome>> all =
        java.util.stream.IntStream.range(0, 9)
            .mapToObj(
                _ ->
                    CompletableFuture.supplyAsync(
                        () ->
                            tried
                                .sandbox()
                                .exec(
                                    Exec.shell("echo up; sleep 0.2"),
                                    (_, _) -> most.add(tried.sandbox().status().running()),
                                    Cancellation.NEVER),
                        Thread::startVirtualThread))
            .toList();

    assertThat(all).allSatisfy(each -> assertThat(each.join()).isEqualTo(new Exit(0)));
    assertThat(most).isNotEmpty().allSatisfy(n -> assertThat(n).isLessThanOrEqualTo(4));
  }

  @Test
  void a_step_leaves_its_code_and_output_for_whoever_asks_later() {
    StepRef step = new StepRef(RunId.next(), 3, 1);

    tried.run(Exec.shell("echo said; exit 9").with(step)).endsWith(9);

    Recorded recorded = tried.sandbox().lookUp(step, 1_000);
    assertThat(recorded.code()).isEqualTo(9);
    assertThat(recorded.why()).isNull();
    assertThat(recorded.output().text()).isEqualTo("said\n");
    assertThat(tried.sandbox().lookUp(new StepRef(step.run(), 4, 1), 1_000)).isNull();
  }

  @Test
  void a_step_that_was_ended_or_leaves_no_shell_is_recorded_too() {
    RunId run = RunId.next();
    StepRef ended = new StepRef(run, 1, 1);
    StepRef shot = new StepRef(run, 2, 1);

    tried.run(
        Exec.shell("sleep 60").with(Limits.USUAL.withTimeout(Duration.ofMillis(200))).with(ended));
    tried.run(Exec.shell("kill -9 $$").with(shot)).endsWith(137);

    assertThat(tried.sandbox().lookUp(ended, 10).code()).isEqualTo(124);
    assertThat(tried.sandbox().lookUp(ended, 10).why()).isEqualTo("timeout");
    assertThat(tried.sandbox().lookUp(shot, 10).code()).isEqualTo(137);
  }

  @Test
  void a_record_forged_before_the_step_does_not_count() throws Exception {
    StepRef step = new StepRef(RunId.next(), 1, 1);
    String place = "$HOME/.rookery/steps/" + step.directory();
    tried.run("mkdir -p " + place + "; echo 0 > " + place + "/rc; ln -s /etc " + place + "/out");

    tried.run(Exec.shell("echo mine; exit 5").with(step)).endsWith(5);

    assertThat(tried.sandbox().lookUp(step, 100).code()).isEqualTo(5);
    assertThat(
            Files.readString(
                tried
                    .sandbox()
                    .home()
                    .path()
                    .resolve(".rookery/steps/" + step.directory() + "/out")))
        .isEqualTo("mine\n");
  }

  @Test
  void attestation_says_what_the_tier_is_worth() {
    Attestation attestation = tried.sandbox().attest();

    assertThat(attestation.holds()).as(attestation.json().toString()).isEqualTo(mode != Mode.PLAIN);
    assertThat(attestation.noNewPrivileges()).isTrue();
  }

  @Test
  void the_sandbox_can_be_removed_with_its_home() {
    Sandbox other = tried.another();
    Tried.run(
        other, Exec.shell("mkdir -p a/b; ln -s /etc a/etc; echo x > a/b/c"), Cancellation.NEVER);

    other.destroy();

    assertThat(other.home().path()).doesNotExist();
    assertThat(Path.of("/etc/passwd")).exists();
  }

  /** A cancellation that a test fires. */
  static final class Signal implements Cancellation {
    private final List<Runnable> actions = new java.util.ArrayList<>();
    private boolean fired;

    synchronized void fire() {
      fired = true;
      actions.forEach(Runnable::run);
    }

    @Override
    public synchronized boolean cancelled() {
      return fired;
    }

    @Override
    public synchronized Registration onCancel(Runnable action) {
      if (fired) {
        action.run();
      } else {
        actions.add(action);
      }
      return () -> {};
    }
  }
}
