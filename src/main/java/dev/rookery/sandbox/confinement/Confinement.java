package dev.rookery.sandbox.confinement;

import dev.rookery.homes.AgentHome;
import dev.rookery.posix.SpawnFailure;
import java.util.Map;

/** How a tier starts a process, and what it then knows about it. */
public interface Confinement extends AutoCloseable {
  /** Number of the descriptor on which {@link Tier#BWRAP} says what became of the command. */
  int STATUS = 4;

  Tier tier();

  /** Where the home is seen from inside. */
  String home(AgentHome home);

  /** Where the proxy's socket is seen from inside. */
  String socket(Network.Proxy proxy);

  /** Whether its own internal process, besides that which was started, may not be signalled. */
  boolean ownProcessNamespace();

  /**
   * Starts the command.
   *
   * @param descriptors which of our descriptors it gets, by the number it sees
   * @return the process id
   * @throws SpawnFailure when it was not started
   */
  long start(Plan plan, Map<Integer, Integer> descriptors);

  /** Once nothing that it started lives any more. */
  @Override
  void close();
}
