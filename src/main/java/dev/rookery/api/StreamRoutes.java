package dev.rookery.api;

import dev.rookery.agents.Agents;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.streams.Scope;
import dev.rookery.streams.Streams;
import org.jspecify.annotations.Nullable;

/** The journal as it is written, and the words of models as they come. */
final class StreamRoutes {
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final long NOW = -1;

  private final Streams streams;
  private final Agents agents;

  StreamRoutes(Rooms rooms) {
    this.streams = rooms.live().streams();
    this.agents = rooms.domain().agents();
  }

  void enter(Routes routes) {
    resumable(routes.get("/api/v1/stream"))
        .does("Streams the journal of the organization, from now or after a record")
        .query("conversation", "records of this conversation only")
        .query("agent", "records of this agent only, by id or handle")
        .streams(this::all);
    resumable(routes.get("/api/v1/runs/{id}/stream"))
        .does("Streams a run from its beginning, or after a record, to its end")
        .streams(this::ofRun);
    resumable(routes.get("/api/v1/agents/{id}/stream"))
        .does("Streams what an agent does and what is changed about it, by id or handle")
        .streams(this::ofAgent);
  }

  private static Routes.Draft resumable(Routes.Draft draft) {
    return draft
        .allows(Access.VIEWER)
        .query("after", "number of the last record that was read; Last-Event-ID wins")
        .query("tokens", "false leaves the words of models out; true if not given");
  }

  private Feed all(Call call) {
    String conversation = call.query("conversation");
    String agent = call.query("agent");
    if (conversation != null && agent != null) {
      throw Refusal.badInput(
          "bad-parameter", "Give 'conversation' or 'agent', not both; a stream has one scope.");
    }
    Scope scope =
        conversation != null
            ? new Scope.OfConversation(conversation)
            : agent != null ? agent(call, agent) : new Scope.Everything();
    return feed(call, scope, NOW);
  }

  private Feed ofRun(Call call) {
    Scope.OfRun scope = new Scope.OfRun(call.id("run", "run", RunId::new));
    return feed(call, scope, cursor(call) == null ? streams.before(call.org(), scope) : NOW);
  }

  private Feed ofAgent(Call call) {
    return feed(call, agent(call, call.path("id")), NOW);
  }

  private Scope.OfAgent agent(Call call, String idOrHandle) {
    return new Scope.OfAgent(agents.require(call.org(), idOrHandle).id());
  }

  private Feed feed(Call call, Scope scope, long otherwise) {
    boolean tokens = tokens(call);
    Long after = cursor(call);
    return new Feed(
        streams.open(call.principal(), scope, after == null ? otherwise : after), tokens);
  }

  private static boolean tokens(Call call) {
    String value = call.query("tokens");
    return switch (value) {
      case null -> true;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Refusal.badInput("bad-parameter", "The parameter 'tokens' is true or false.");
    };
  }

  /** Null when the client has no place yet. */
  private static @Nullable Long cursor(Call call) {
    String last = call.header(LAST_EVENT_ID);
    if (last == null || last.isBlank()) {
      return call.query("after") == null ? null : call.number("after", 0, 0, Long.MAX_VALUE);
    }
    if (!last.matches("[0-9]{1,18}")) {
      throw Refusal.badInput(
          "bad-parameter", "The header Last-Event-ID is the number of the last event's record.");
    }
    return Long.valueOf(last);
  }
}
