package dev.rookery.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agents;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.streams.Scope;
import java.util.List;

/** What a client wants to watch. */
final class ScopeReader {
  private ScopeReader() {}

  /**
   * @throws Refusal {@code bad-parameter}, {@code unknown-parameter}, {@code run-not-found} or
   *     {@code agent-not-found}
   */
  static Scope read(ObjectNode json, OrgId org, Agents agents) {
    Params scope = new Params(json).only(List.of("run", "conversation", "agent"));
    if (json.size() > 1) {
      throw Params.bad("scope", "one of run, conversation and agent");
    }
    String run = scope.textOrNull("run");
    String conversation = scope.textOrNull("conversation");
    String agent = scope.textOrNull("agent");
    if (run != null) {
      if (!Ids.matches("run", run)) {
        throw Refusal.notFound("run", run);
      }
      return new Scope.OfRun(new RunId(run));
    }
    if (agent != null) {
      return new Scope.OfAgent(agents.require(org, agent).id());
    }
    return conversation == null ? new Scope.Everything() : new Scope.OfConversation(conversation);
  }
}
