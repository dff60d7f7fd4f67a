package dev.rookery;

import dev.rookery.egress.EgressProxy;
import dev.rookery.egress.GuardedClient;
import dev.rookery.egress.NetworkPolicies;
import dev.rookery.egress.SecretInjection;
import dev.rookery.egress.WayOut;
import dev.rookery.homes.Checkpoints;
import dev.rookery.homes.HomeTrust;
import dev.rookery.homes.Homes;
import dev.rookery.journal.Journal;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Settings;
import dev.rookery.orgs.Orgs;
import dev.rookery.sandbox.BackgroundTasks;
import dev.rookery.sandbox.SandboxSettings;
import dev.rookery.sandbox.Sandboxes;
import dev.rookery.secrets.Secrets;
import dev.rookery.secrets.Vault;
import dev.rookery.store.Database;
import dev.rookery.tools.BackgroundTool;
import dev.rookery.tools.Bash;
import dev.rookery.tools.CurrentTime;
import dev.rookery.tools.FileTools;
import dev.rookery.tools.HttpRequestTool;
import dev.rookery.tools.Tool;
import dev.rookery.tools.Tools;
import dev.rookery.tools.WebFetch;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What agents work with, wired: homes, the way out, and the tools that come with Rookery. */
public final class Hands implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Hands.class);

  private final GuardedClient outside = new GuardedClient();

  public final Secrets secrets;
  public final NetworkPolicies networks;
  public final EgressProxy egress;
  public final LazySandboxes sandboxes;
  public final Homes homes;
  public final Checkpoints checkpoints;
  public final HomeTrust homeTrust;
  public final BackgroundTasks tasks;
  private final List<Tool> tools;

  /** What it stands on. */
  record Ground(Database database, Journal journal, Vault vault) {}

  Hands(Settings settings, DataDir dataDir, Ground ground) {
    Database database = ground.database();
    Journal journal = ground.journal();
    this.secrets = new Secrets(database, journal, ground.vault());
    this.networks =
        new NetworkPolicies(
            database, journal, settings.env().get(NetworkPolicies.REGISTRIES_VARIABLE));
    WayOut wayOut = new WayOut(outside, new SecretInjection(secrets), networks);
    this.egress = new EgressProxy(wayOut, database, journal, EgressProxy.Limits.USUAL);
    this.sandboxes =
        new LazySandboxes(
            () ->
                Sandboxes.open(
                    SandboxSettings.from(dataDir.path(), settings.env()),
                    database,
                    () -> new Orgs(database, journal).list().size()));
    this.homes = new Homes((org, agent) -> sandboxes.get().home(org, agent), Homes.USUAL_QUOTA);
    this.checkpoints =
        new Checkpoints(
            database,
            journal,
            homes,
            new Checkpoints.Place(
                dataDir.path().resolve("checkpoints"),
                Checkpoints.USUAL_QUOTA,
                (org, agent) -> sandboxes.get().hold(org, agent)));
    this.homeTrust = new HomeTrust(database, journal);
    List<Tool> builtins = new ArrayList<>();
    builtins.add(new CurrentTime(InstantSource.system()));
    builtins.addAll(FileTools.all(database, homes, checkpoints));
    this.tasks = new BackgroundTasks(database, sandboxes::get);
    builtins.add(new Bash(sandboxes, tasks, new ShellWays(networks, egress)));
    builtins.addAll(BackgroundTool.all(tasks));
    builtins.add(new HttpRequestTool(wayOut));
    builtins.add(new WebFetch(wayOut));
    this.tools = List.copyOf(builtins);
  }

  /** Begins to try the sandbox, beside the rest of the start; who needs it waits for that. */
  void begin() {
    Thread.ofPlatform().daemon().name("sandbox-begin").start(this::open);
  }

  private void open() {
    try {
      sandboxes.get();
    } catch (RuntimeException e) {
      log.debug("the sandbox could not be opened; who asks for it next is told why", e);
    }
  }

  /**
   * Before anything moves: finishes restores that were cut off, ends what a killed server left
   * behind.
   */
  void recover() {
    checkpoints.recover();
    tasks.recover();
  }

  /** With those that a test adds. */
  List<Tool> tools(List<Tool> extra) {
    List<Tool> all = new ArrayList<>(extra);
    all.addAll(tools);
    return all;
  }

  /** How the tools of an organization reach the other side. */
  Tools.Wire wire(Vault vault) {
    return new Tools.Wire(vault, outside);
  }

  @Override
  public void close() {
    sandboxes.close();
    egress.close();
    outside.close();
  }
}
