package dev.rookery.sandbox;

import dev.rookery.homes.AgentHome;
import dev.rookery.homes.Home;
import dev.rookery.homes.Quiesce;
import dev.rookery.homes.SandboxHomes;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.ops.Loop;
import dev.rookery.sandbox.Availability.Ready;
import dev.rookery.sandbox.Availability.Unavailable;
import dev.rookery.sandbox.Outcome.Why;
import dev.rookery.sandbox.SandboxSettings.Mode;
import dev.rookery.sandbox.confinement.Confinement;
import dev.rookery.sandbox.confinement.Tier;
import dev.rookery.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sandboxes of all agents on this machine. */
public final class Sandboxes implements SandboxProvider, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sandboxes.class);

  private final SandboxSettings settings;
  private final SandboxHomes homes;
  private final Installed installed;
  private final IntSupplier organizations;
  private final Probe.Found found;
  private final ConcurrentHashMap<AgentId, LocalSandbox> all = new ConcurrentHashMap<>();

  private Sandboxes(
      SandboxSettings settings,
      SandboxHomes homes,
      Installed installed,
      IntSupplier organizations) {
    this.settings = settings;
    this.homes = homes;
    this.installed = installed;
    this.organizations = organizations;
    this.found =
        settings.mode() == Mode.PLAIN && organizations.getAsInt() > 1
            ? Probe.Found.none("there is more than one organization, so nothing runs unsandboxed")
            : Probe.run(settings, homes, installed.marker());
  }

  /**
   * Ends what a killed server left behind, then tries the tiers with a real command.
   *
   * @param database where agents' system users are kept; null for probes and benchmarks
   * @param organizations how many there are; with more than one nothing runs unsandboxed
   */
  public static Sandboxes open(
      SandboxSettings settings, @Nullable Database database, IntSupplier organizations) {
    SandboxHomes homes =
        new SandboxHomes(settings.directory().resolve("homes"), database, settings.firstUser());
    Installed installed = Installed.in(settings.directory());
    int orphans = installed.sweep();
    if (orphans > 0) {
      log.warn("{} processes of an earlier server that was killed are ended", orphans);
    }
    Sandboxes sandboxes = new Sandboxes(settings, homes, installed, organizations);
    sandboxes.tell();
    return sandboxes;
  }

  /**
   * Tries the tiers on a temporary directory, as a server with this environment would.
   *
   * @throws Refusal {@code bad-sandbox-setting}
   */
  public static Availability diagnose(Map<String, String> env) {
    try {
      Path directory = Files.createTempDirectory("rookery-sandbox-");
      SandboxSettings settings = SandboxSettings.from(directory, env);
      SandboxHomes homes = new SandboxHomes(directory.resolve("homes"), null, settings.firstUser());
      try (Sandboxes tried = new Sandboxes(settings, homes, Installed.in(directory), () -> 1)) {
        return tried.availability();
      } finally {
        remove(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the sandbox cannot be tried", e);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void tell() {
    switch (availability()) {
      case Ready(var tier, _, _) when tier == Tier.PLAIN ->
          log.warn("{}", availability().sentence());
      case Ready(_, _, var problems) when problems.isEmpty() ->
          log.info("{}", availability().sentence());
      case Ready _, Unavailable _ ->
          log.warn("{} {}", availability().sentence(), availability().fix());
    }
  }

  @Override
  public Availability availability() {
    return found.availability();
  }

  public SandboxHomes homes() {
    return homes;
  }

  /** The home of an agent, and who owns what is in it. */
  public Home home(OrgId org, AgentId agent) {
    AgentHome home = homes.of(org, agent);
    return new Home(home.path(), homes.ownUsers() ? home.user() : null);
  }

  /** Where egress proxies put their sockets, mode 0666: only sandboxes of this server get there. */
  public Path sockets() {
    return homes.root().resolve(".sockets");
  }

  /** Names this data directory among the processes of the machine. */
  String instance() {
    return installed.marker();
  }

  @Override
  public Sandbox ensure(OrgId org, AgentId agent) {
    Confinement confinement = found.confinement();
    LiveCommands live = found.live();
    if (confinement == null || live == null) {
      throw new Refusal(
          Refusal.Kind.UNAVAILABLE,
          "sandbox-unavailable",
          availability().sentence() + " Look at: rookery doctor");
    }
    if (confinement.tier() == Tier.PLAIN && organizations.getAsInt() > 1) {
      throw new Refusal(
          Refusal.Kind.UNAVAILABLE,
          "sandbox-unavailable",
          "There is more than one organization, so nothing runs unsandboxed any more. Install"
              + " bubblewrap and set ROOKERY_SANDBOX=auto.");
    }
    AgentHome home = homes.of(org, agent);
    return all.computeIfAbsent(
        agent,
        _ -> new LocalSandbox(confinement, home, live, installed.marker(), settings.concurrent()));
  }

  /** Ends what runs in an agent's sandbox, and keeps it at rest, while its home is replaced. */
  public Quiesce.Hold hold(OrgId org, AgentId agent) {
    return switch (availability()) {
      case Unavailable _ -> Quiesce.NOTHING_RUNS.hold(org, agent);
      case Ready _ -> ((LocalSandbox) ensure(org, agent)).hold();
    };
  }

  @Override
  public void stop(RunId run, String why) {
    LiveCommands live = found.live();
    if (live != null) {
      live.stop(r -> LiveCommands.isOf(run, r.step()), Why.SUPERSEDED, why);
    }
  }

  /** Watches memory; for the health page. */
  public List<Loop> loops() {
    return found.live() == null ? List.of() : List.of(found.live().loop());
  }

  /** Ends all commands and terminals, within eleven seconds. */
  @Override
  public void close() {
    found.close();
  }
}
