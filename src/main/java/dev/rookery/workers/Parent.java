package dev.rookery.workers;

import dev.rookery.agents.Agent;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.policy.Taint;
import dev.rookery.runs.Lineage;
import dev.rookery.runs.Run;
import java.util.ArrayList;
import java.util.List;

/**
 * A run that delegates, with what it can give on.
 *
 * @param run whose row is held
 * @param step that delegates
 * @param tools names of those that it sees
 * @param taint what it holds
 */
record Parent(Run run, Agent agent, int step, List<String> tools, Taint taint) {
  Parent {
    tools = List.copyOf(tools);
  }

  OrgId org() {
    return run.org();
  }

  /** Of its workers; 1 below a run that no other started. */
  int generation() {
    Lineage.Child child = run.origin().lineage().child();
    return child == null ? 1 : child.path().size() + 1;
  }

  /** What a worker of it has from its ancestors. */
  Lineage.Child child(AgentId worker, String name, boolean background) {
    Lineage.Child own = run.origin().lineage().child();
    List<RunId> path = new ArrayList<>(own == null ? List.of() : own.path());
    path.add(run.id());
    List<AgentId> agents = new ArrayList<>(own == null ? List.of() : own.agents());
    agents.add(agent.id());
    List<AgentId> others = agents.stream().distinct().filter(id -> !id.equals(worker)).toList();
    String speaksIn = own == null ? run.conversation() : own.speaksIn();
    return new Lineage.Child(path, others, name, background, speaksIn);
  }
}
