package dev.rookery.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.House;
import dev.rookery.Rookery;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.ops.Settings;
import dev.rookery.policy.Grant;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole node in this process, with scripted agents that are called in local conversations. */
final class BenchNode implements AutoCloseable {
  private static final int AGENTS = 16;

  private final Rookery rookery;
  private final List<AgentId> agents = new ArrayList<>();

  private BenchNode(Rookery rookery) {
    this.rookery = rookery;
    List<Agent> known = house().agents.list(org(), null, AGENTS);
    for (int i = 1; i <= AGENTS; i++) {
      String handle = BenchEnvironment.HANDLE + i;
      agents.add(
          known.stream()
              .filter(agent -> agent.handle().equals(handle))
              .findFirst()
              .orElseGet(() -> create(handle))
              .id());
    }
  }

  private Agent create(String handle) {
    Agent agent =
        house().agents.create(org(), new NewAgent(handle, handle, "Answer briefly.", null));
    house().grants.put(org(), agent.id(), new Grant("current_time", Grant.Verdict.ALLOW));
    return agent;
  }

  /**
   * @param databaseUrl null for SQLite in the directory
   */
  static BenchNode start(Path directory, @Nullable String databaseUrl) {
    return start(directory, databaseUrl, BenchEnvironment.of(directory));
  }

  /** As {@link #start(Path, String)}, with variables of one bench's own. */
  static BenchNode start(
      Path directory, @Nullable String databaseUrl, Map<String, String> environment) {
    BenchEnvironment.refuseForeignData(databaseUrl);
    return new BenchNode(
        Rookery.start(new Settings(directory, "127.0.0.1", 0, databaseUrl, null, environment)));
  }

  House house() {
    return rookery.house();
  }

  /** Where it listens. */
  URI url() {
    return URI.create(rookery.url());
  }

  OrgId org() {
    return rookery.org().id();
  }

  /** Calls an agent in a conversation of its own; returns when the call is durable. */
  void call(String conversation, int number) {
    EventId _ = say(conversation, agent(number), BenchEnvironment.QUESTION);
  }

  AgentId agent(int number) {
    return agents.get(number % AGENTS);
  }

  /** Says something to an agent in a conversation; returns when that is durable. */
  EventId say(String conversation, AgentId agent, String text) {
    ObjectNode payload = Json.object().put("text", text);
    Inbound inbound =
        new Inbound(
            new Inbound.Origin("api", null, null),
            "message",
            conversation,
            new Inbound.Place(conversation, null, conversation, "bench", true),
            new Inbound.Actor(Inbound.Actor.Kind.MEMBER, "bench", "Bench", 0),
            Instant.now(),
            new Inbound.Content(text, true, null, List.of()),
            payload);
    return house().inbox.acceptAll(org(), List.of(inbound), agent).getFirst().event();
  }

  @Override
  public void close() {
    rookery.close();
  }
}
