package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The homes of all agents on this machine. */
public final class Homes {
  /** 5 GiB, spec 03. */
  public static final long USUAL_QUOTA = 5L << 30;

  private final HomeDirectories directories;
  private final long quota;
  private final Map<Owner, HomeFiles> files = new ConcurrentHashMap<>();

  /**
   * @param quota of each home, in bytes on the disk
   */
  public Homes(HomeDirectories directories, long quota) {
    this.directories = directories;
    this.quota = quota;
  }

  private record Owner(OrgId org, AgentId agent) {}

  /** The files of an agent. Whoever asks made sure that the agent is of the organization. */
  public HomeFiles of(OrgId org, AgentId agent) {
    Home home = directories.of(org, agent);
    return files.compute(
        new Owner(org, agent),
        (_, known) ->
            known != null && known.home().equals(home) ? known : new HomeFiles(home, quota));
  }
}
