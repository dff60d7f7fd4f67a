package dev.rookery.workers;

import dev.rookery.agents.Agent;
import java.util.List;

/**
 * A task with the agent that does it.
 *
 * @param place among those of the call, from 1
 */
record Order(Task task, Agent agent, int place, boolean background) {
  String name() {
    String given = task.name();
    return given == null ? agent.handle() + "-" + place : given;
  }

  /** Of the tools that the parent sees, those that the worker does. */
  List<String> tools(Parent parent) {
    List<String> wanted = task.tools();
    return wanted == null ? parent.tools() : wanted.stream().distinct().toList();
  }
}
