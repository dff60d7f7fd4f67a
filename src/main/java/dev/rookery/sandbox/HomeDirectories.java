package dev.rookery.sandbox;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;

/** Who lives where. */
public interface HomeDirectories {
  /** The agent's home, made if need be. */
  Home of(OrgId org, AgentId agent);
}
