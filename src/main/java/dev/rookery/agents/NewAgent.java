package dev.rookery.agents;

import org.jspecify.annotations.Nullable;

/**
 * What a new agent shall be. Refused as {@code bad-handle}, {@code bad-name}, {@code
 * instructions-too-long} or {@code bad-model}.
 *
 * @param handle {@code [a-z0-9][a-z0-9-]{0,38}}
 * @param name 1 to 200 characters
 * @param instructions at most 64 kB of UTF-8
 * @param model spelled {@code provider/model}; null means the default of the organization
 */
public record NewAgent(String handle, String name, String instructions, @Nullable String model) {
  public NewAgent {
    handle = AgentRules.handle(handle);
    name = AgentRules.name(name);
    instructions = AgentRules.instructions(instructions);
    model = model == null ? null : AgentRules.model(model);
  }
}
