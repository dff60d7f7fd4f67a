package dev.rookery.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Inbound;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.RunWorkers;
import dev.rookery.store.Database;
import dev.rookery.store.RestartableServer;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.Together;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL goes away while a tool works and a message is being sent, and comes back. */
final class DatabaseOutageIT {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "hold"}}
          then: {tool_calls: [{tool: hold}, {tool: after}]}
        - then: {text: "Done: {{last_user_text}}"}
      """;

  private final CountDownLatch working = new CountDownLatch(2);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger holds = new AtomicInteger();
  private final AtomicInteger after = new AtomicInteger();
  private final FakeSender sender = new FakeSender();

  private Tool.ToolResult hold() {
    holds.incrementAndGet();
    working.countDown();
    Together.await(goOn);
    return Tool.ToolResult.ok("held");
  }

  private Tool.ToolResult after() {
    after.incrementAndGet();
    return Tool.ToolResult.ok("went on");
  }

  @Test
  void what_was_done_meanwhile_is_recorded_and_nothing_is_repeated(@TempDir Path directory) {
    try (RestartableServer server = new RestartableServer(directory);
        Database database = server.open();
        Colony colony =
            Colony.scripted(
                    database,
                    SCRIPT,
                    TestTool.of("hold", EffectClass.UNSAFE, _ -> hold()),
                    TestTool.of("after", EffectClass.UNSAFE, _ -> after()))
                .dispatching()) {
      colony.working(DatabaseOutageIT::patient);
      Agent rook = colony.agent("rook");
      RunId run = colony.runOf(colony.tell(rook, "chat", "hold"));
      send(colony);
      Together.await(working);

      server.stop();
      assertThatThrownBy(() -> colony.tell(rook, "chat", "meanwhile"))
          .isInstanceOf(StorageUnavailable.class);
      goOn.countDown();
      server.startAgain();

      colony.until("the database is back", () -> isBack(colony));
      Run over = colony.over(run);
      assertThat(over.status().state()).isEqualTo(RunState.DONE);
      assertThat(over.lease().attempts()).isZero();
      assertThat(holds).hasValue(1);
      assertThat(after).hasValue(1);
      assertThat(colony.said("chat")).containsExactly("Done: hold");
      colony.until("the message counts as sent", () -> state(colony) == Delivery.State.SENT);
      assertThat(sender.attempts()).isEqualTo(1);
      assertThat(colony.ask(rook, "chat", "and now").status().state()).isEqualTo(RunState.DONE);
    }
  }

  /** However long a busy machine takes to start a database: leases outlast the outage. */
  private static RunWorkers.Settings patient(RunWorkers.Settings s) {
    return new RunWorkers.Settings(
        s.node(), s.perNode(), s.perOrg(), s.perAgent(), Duration.ofMinutes(5), s.probe());
  }

  private static boolean isBack(Colony colony) {
    try {
      return !colony.runs().isEmpty();
    } catch (StorageUnavailable e) {
      return false;
    }
  }

  private static Delivery.State state(Colony colony) {
    Deliveries.Query there = new Deliveries.Query(null, null, "elsewhere", null, 1);
    return colony.house().deliveries.list(colony.org(), there).getFirst().progress().state();
  }

  /** A message that is being sent when the database goes. */
  private void send(Colony colony) {
    Senders senders = new Senders(List.of(sender));
    sender.answer =
        _ -> {
          working.countDown();
          Together.await(goOn);
          return new Sender.Receipt.Sent("r-1");
        };
    Integration fake =
        colony
            .house()
            .integrations
            .create(
                colony.org(),
                new NewIntegration("fake", "fake", Json.object(), Map.of(), List.of()));
    Inbound inbound = there(fake);
    Outbox outbox = new Outbox(colony.house().conversations, senders, colony.house().journal);
    colony
        .database()
        .write(
            colony.org(),
            tx -> {
              colony.house().conversations.note(tx, colony.org(), inbound);
              outbox.say(tx, colony.org(), new Outbox.Said("elsewhere", null, "k", "hello", null));
              return fake;
            });
    colony.keep(
        colony
            .house()
            .deliveries
            .serve(
                new Deliveries.Serving(
                    NodeId.next(),
                    colony.house().integrations,
                    colony.house().conversations,
                    senders,
                    colony.house().artifacts)));
  }

  private static Inbound there(Integration fake) {
    return new Inbound(
        new Inbound.Origin("fake", fake.id(), null),
        "message",
        "k",
        new Inbound.Place("elsewhere", null, "there", "there", true),
        new Inbound.Actor(Inbound.Actor.Kind.PERSON, "p", "Ada", 0),
        Instant.EPOCH,
        new Inbound.Content("hello", true, null, List.of()),
        Json.object());
  }
}
