package dev.rookery.sandbox;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;

/** Where agents' sandboxes come from: this machine, or others later. */
public interface SandboxProvider {
  /** What the probe found; does not change while the server lives. */
  Availability availability();

  /**
   * The agent's sandbox, with its home made on first use.
   *
   * @throws dev.rookery.kernel.Refusal {@code sandbox-unavailable}
   */
  Sandbox ensure(OrgId org, AgentId agent);

  /**
   * Ends the commands of a run (not its background tasks): TERM to all processes at once, KILL
   * after three seconds. Returns at once; whoever waits for a command is told.
   */
  void stop(RunId run, String why);
}
