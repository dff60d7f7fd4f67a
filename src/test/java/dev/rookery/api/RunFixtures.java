package dev.rookery.api;

import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import dev.rookery.models.StopSignal;
import dev.rookery.policy.Grant;
import dev.rookery.runs.NewRun;
import dev.rookery.runs.Runs;
import dev.rookery.tools.Tool;
import java.time.Duration;
import java.util.List;

/** Runs and workers on a server where nothing moves. */
record RunFixtures(TestServer server, AgentId agent) {
  /** Queued, with one line. */
  RunId queued(String conversation) {
    RunId id = RunId.next();
    NewRun run =
        new NewRun(
            id,
            agent,
            ActivationId.next(),
            conversation,
            new NewRun.Nature("turn", 0, true),
            Duration.ZERO,
            Duration.ofHours(1));
    Runs.Input input = new Runs.Input(EventId.next(), "x", new Runs.Speaker("test:ada", true));
    server
        .house()
        .database()
        .write(
            server.org(),
            tx -> {
              server.house().runs.queue(tx, server.org(), run, List.of(input));
              return run;
            });
    return id;
  }

  /** Cancelled before it did anything. */
  RunId over(String conversation) {
    RunId id = queued(conversation);
    server.house().runs.cancel(server.org(), id, "ada");
    return id;
  }

  /** The run is under way, and has delegated this. */
  RunId delegating(String conversation, String tasks) {
    server.house().grants.put(server.org(), agent, new Grant("*", Grant.Verdict.ALLOW));
    RunId parent = queued(conversation);
    server
        .house()
        .database()
        .write(
            server.org(),
            tx ->
                tx.handle()
                    .execute(
                        "UPDATE run SET state = 'running', fence = 7 WHERE id = ?",
                        parent.value()));
    Tool delegate =
        server.house().tools.builtins().stream()
            .filter(tool -> tool.spec().name().equals("delegate"))
            .findFirst()
            .orElseThrow();
    Tool.ToolResult result =
        delegate.call(
            new Tool.Call(
                new Tool.Caller(server.org(), agent, parent, 2, conversation, 7),
                Json.parse(tasks),
                "key",
                new StopSignal()));
    if (result.error()) {
      throw new AssertionError(result.text());
    }
    return parent;
  }
}
