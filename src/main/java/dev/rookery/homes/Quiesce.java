package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;

/** Keeps the processes of a sandbox away while its home is replaced. */
public interface Quiesce {
  /** For where no processes are. */
  Quiesce NOTHING_RUNS = (_, _) -> () -> {};

  /** Ends what runs in the agent's sandbox; nothing starts there until the hold is closed. */
  Hold hold(OrgId org, AgentId agent);

  /** While it is open, nothing runs. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }
}
