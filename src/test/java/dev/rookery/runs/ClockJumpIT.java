package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.SteadyClocks;
import dev.rookery.kernel.TestClock;
import dev.rookery.store.Database;
import dev.rookery.store.TestDatabases;
import dev.rookery.store.Together;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock of an embedded node is set forward or back by an hour while it works. */
final class ClockJumpIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "hold"}}
          then: {tool_calls: [{tool: hold}]}
        - then: {text: "Done."}
      """;

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void a_jump_steals_no_run_and_keeps_none_waiting(int hours, @TempDir Path dir) {
    TestClock wall = new TestClock(Instant.now());
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    TestTool hold =
        TestTool.of(
            "hold",
            EffectClass.UNSAFE,
            _ -> {
              calls.incrementAndGet();
              held.countDown();
              Together.await(release);
              return Tool.ToolResult.ok("held");
            });
    try (Database database =
            TestDatabases.sqlite(dir.resolve("rookery.db"), SteadyClocks.over(wall));
        Colony colony = Colony.scripted(database, SCRIPT, hold).dispatching()) {
      Agent rook = colony.agent("rook");
      RunId run = colony.runOf(colony.tell(rook, "chat", "hold"));
      colony.working();
      Together.await(held);
      long fence = colony.run(run).lease().fence();

      wall.advance(Duration.ofHours(hours));
      Run meanwhile = colony.ask(rook, "other chat", "hello");

      assertThat(meanwhile.status().state()).as("new work goes on").isEqualTo(RunState.DONE);
      assertThat(colony.run(run).lease().fence()).as("nobody claimed it").isEqualTo(fence);
      release.countDown();
      assertThat(colony.over(run).status().state()).isEqualTo(RunState.DONE);
      assertThat(calls).hasValue(1);
      assertThat(colony.over(run).lease().attempts()).isZero();
    }
  }
}
