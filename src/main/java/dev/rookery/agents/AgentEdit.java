package dev.rookery.agents;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes to an agent; null leaves a field as it is. Refused like {@link NewAgent}. The handle
 * never changes, as people and histories refer to it.
 */
public record AgentEdit(@Nullable String name, @Nullable String instructions, ModelChoice model) {
  public AgentEdit {
    name = name == null ? null : AgentRules.name(name);
    instructions = instructions == null ? null : AgentRules.instructions(instructions);
  }

  /** What becomes of the agent's own model. */
  public sealed interface ModelChoice {
    /** Stays as it is. */
    record Keep() implements ModelChoice {}

    /** Follows the organization's default from now on. */
    record Inherit() implements ModelChoice {}

    /** Spelled {@code provider/model}. */
    record Use(String model) implements ModelChoice {
      public Use {
        model = AgentRules.model(model);
      }
    }
  }

  Agent applyTo(Agent agent, long now) {
    String newModel =
        switch (model) {
          case ModelChoice.Keep() -> agent.model();
          case ModelChoice.Inherit() -> null;
          case ModelChoice.Use(var use) -> use;
        };
    return new Agent(
        agent.org(),
        agent.id(),
        agent.handle(),
        name == null ? agent.name() : name,
        instructions == null ? agent.instructions() : instructions,
        newModel,
        agent.enabled(),
        now);
  }

  List<String> fields() {
    List<String> fields = new ArrayList<>();
    if (name != null) {
      fields.add("name");
    }
    if (instructions != null) {
      fields.add("instructions");
    }
    if (!(model instanceof ModelChoice.Keep)) {
      fields.add("model");
    }
    return fields;
  }
}
