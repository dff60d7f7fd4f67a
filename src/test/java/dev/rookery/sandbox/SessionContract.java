package dev.rookery.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.sandbox.SandboxSettings.Mode;
import dev.rookery.sandbox.Tried.Said;
import dev.rookery.sandbox.confinement.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of both kinds, on each tier. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SessionContract {
  private final Mode mode;
  private Tried tried;

  SessionContract(Mode mode) {
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

  private Said in(String session, String line) {
    return tried.run(Exec.shell(line).in(session, null));
  }

  @Test
  void a_session_keeps_directory_variables_functions_aliases_and_options() {
    in("all", "mkdir -p a/b && cd a/b; export X=$'1\\n\"2\\'$3'; f() { echo f:$1; }; alias g='f g'")
        .endsWith(0);
    in("all", "set -o pipefail; shopt -s nullglob; false").endsWith(1);

    Said said =
        in("all", "echo ${PWD#$HOME}; echo \"$X\"; f 1; g; false | true; echo $?; echo *.no");

    assertThat(said.text()).isEqualTo("/a/b\n1\n\"2'$3\nf:1\nf:g\n1\n\n");
  }

  @Test
  void a_session_survives_exit_and_a_failing_command_under_errexit() {
    in("exits", "cd /tmp; export A=1; exit 9").endsWith(9);
    in("exits", "export A=2; set -eu; false; export A=3").endsWith(1);

    assertThat(in("exits", "echo $A $PWD; set +eu").text()).isEqualTo("2 /tmp\n");
    assertThat(in("exits", "echo $-").text()).doesNotContain("e").doesNotContain("u");
  }

  @Test
  void a_session_stays_as_it_was_when_its_command_is_killed() {
    in("killed", "export A=1");

    in("killed", "export A=2; kill -9 $$").endsWith(137);
    tried.run(
        Exec.shell("export A=3; sleep 60; sleep 60")
            .in("killed", null)
            .with(Limits.USUAL.withTimeout(Duration.ofMillis(300))));

    assertThat(in("killed", "echo $A").text()).isIn("1\n", "3\n");
  }

  @Test
  void sessions_do_not_mix_and_a_command_without_one_keeps_nothing() {
    in("one", "export A=1");
    in("two", "export A=2");
    tried.run("export A=3");

    assertThat(in("one", "echo $A").text()).isEqualTo("1\n");
    assertThat(in("two", "echo $A").text()).isEqualTo("2\n");
    assertThat(tried.run("echo ${A-none}").text()).isEqualTo("none\n");
    assertThat(tried.sandbox().status().sessions()).contains("one", "two");
  }

  @Test
  void what_is_given_to_a_command_goes_before_what_the_session_kept() {
    in("given", "export A=kept B=kept HOME=/nowhere");

    Said said =
        tried.run(Exec.shell("echo $A $B; cd && pwd").in("given", null).with(Map.of("A", "now")));

    assertThat(said.text()).isEqualTo("now kept\n" + tried.sandbox().status().home() + "\n");
  }

  @Test
  void a_session_whose_directory_is_gone_goes_on_in_the_home() {
    in("gone", "mkdir d; cd d; rmdir ../d");

    assertThat(in("gone", "pwd").text()).isEqualTo(tried.sandbox().status().home() + "\n");
  }

  @Test
  void a_broken_session_file_does_not_stop_commands() {
    in("broken", "export A=1");
    tried.run("echo 'if then (' > .rookery/sessions/broken");

    assertThat(in("broken", "echo runs").text()).isEqualTo("runs\n");
    in("broken", "export A=2");
    assertThat(in("broken", "echo $A").text()).isEqualTo("2\n");
  }

  @Test
  void a_terminal_talks_resizes_and_is_interrupted() throws Exception {
    Terminal terminal = tried.sandbox().openPty(TerminalRequest.shell(100, 30));
    Screen screen = new Screen();
    terminal.attach(screen);

    type(terminal, "PS1='ready''> '\n");
    screen.await("ready> ");
    type(terminal, "tty -s && stty size && echo has-a-$((40 + 2))\n");
    screen.await("30 100");
    screen.await("has-a-42");
    screen.await("ready> ");
    terminal.resize(80, 24);
    type(terminal, "stty size\n");
    screen.await("24 80");
    screen.await("ready> ");
    // Bash runs a trap for a signal that came just before read(2) only when read is over.
    type(
        terminal,
        "bash -c 'trap \"echo caught-\\$((1+1))\" INT; echo run-$((1+1)); while :; do read -t 0.2 x && echo got-$x; done'\n");
    screen.await("run-2");
    type(terminal, "\003");
    screen.await("caught-2");
    type(terminal, "line\n");
    screen.await("got-line");
    assertThat(terminal.signal(2)).isTrue();
    screen.await("caught-2");
    assertThat(tried.sandbox().attach(terminal.id())).isSameAs(terminal);
    Screen later = new Screen();
    terminal.attach(later);
    later.await("has-a-42");

    terminal.kill();

    assertThat(terminal.ended().get(15, TimeUnit.SECONDS)).isInstanceOf(Outcome.Killed.class);
    assertThat(tried.sandbox().attach(terminal.id())).isNull();
  }

  @Test
  void a_terminal_ends_with_its_program() throws Exception {
    Terminal terminal = tried.sandbox().openPty(TerminalRequest.shell(80, 24));

    type(terminal, "exit 5\n");

    assertThat(terminal.ended().get(15, TimeUnit.SECONDS)).isEqualTo(new Outcome.Exit(5));
  }

  private static void type(Terminal terminal, String keys) {
    terminal.write(keys.getBytes(StandardCharsets.UTF_8));
  }

  /** Collects what a terminal says; what was waited for is not found again. */
  private static final class Screen implements OutputSink {
    private final StringBuilder text = new StringBuilder();
    private int seen;
    private CompletableFuture<Void> changed = new CompletableFuture<>();

    @Override
    public synchronized void write(byte[] bytes, int length) {
      text.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
      changed.complete(null);
      changed = new CompletableFuture<>();
    }

    void await(String words) throws Exception {
      while (true) {
        CompletableFuture<Void> next;
        synchronized (this) {
          int found = text.indexOf(words, seen);
          if (found >= 0) {
            seen = found + words.length();
            return;
          }
          next = changed;
        }
        try {
          next.get(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
          throw new AssertionError("it never said '" + words + "' but: " + text, e);
        }
      }
    }
  }
}
