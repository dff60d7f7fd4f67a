package dev.rookery.sandbox;

import dev.rookery.homes.AgentHome;
import dev.rookery.homes.SandboxHomes;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.posix.SpawnFailure;
import dev.rookery.sandbox.Availability.Problem;
import dev.rookery.sandbox.Availability.Ready;
import dev.rookery.sandbox.Availability.Unavailable;
import dev.rookery.sandbox.confinement.Confinement;
import dev.rookery.sandbox.confinement.HomesView;
import dev.rookery.sandbox.confinement.Tier;
import dev.rookery.sandbox.confinement.Tiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tries the tiers that are wanted, each with a command that looks at its own confinement. */
final class Probe {
  private static final List<String> SETTINGS =
      List.of(CauseRules.CLONE, CauseRules.MOST, CauseRules.APPARMOR);

  private final SandboxSettings settings;
  private final SandboxHomes homes;
  private final String marker;
  private final Tiers tiers;
  private final List<Problem> problems = new ArrayList<>();

  private Probe(SandboxSettings settings, SandboxHomes homes, String marker) {
    this.settings = settings;
    this.homes = homes;
    this.marker = marker;
    Path filter = settings.directory().resolve("sandbox.bpf");
    this.tiers = new Tiers(homes, filter, user -> ProcessTable.now().tasksOf(user));
  }

  /** What was found, and what then starts commands. */
  record Found(
      Availability availability, @Nullable Confinement confinement, @Nullable LiveCommands live) {
    static Found none(String why) {
      return new Found(new Unavailable(why, List.of()), null, null);
    }

    void close() {
      if (live != null) {
        live.close();
      }
      if (confinement != null) {
        confinement.close();
      }
    }
  }

  static Found run(SandboxSettings settings, SandboxHomes homes, String marker) {
    return new Probe(settings, homes, marker).run();
  }

  private Found run() {
    List<Tier> wanted =
        switch (settings.mode()) {
          case AUTO -> List.of(Tier.BWRAP, Tier.LANDLOCK);
          case BWRAP -> List.of(Tier.BWRAP);
          case LANDLOCK -> List.of(Tier.LANDLOCK);
          case PLAIN -> List.of(Tier.PLAIN);
          case OFF -> List.of();
        };
    if (wanted.isEmpty()) {
      return Found.none("ROOKERY_SANDBOX is off");
    }
    for (Tier tier : wanted) {
      try {
        return attempt(tier);
      } catch (SpawnFailure | Refusal | LinkageError e) {
        problems.add(problem(tier, String.valueOf(e.getMessage())));
      }
    }
    return new Found(new Unavailable("no tier can start", problems), null, null);
  }

  private Found attempt(Tier tier) {
    HomesView view = HomesView.of(homes);
    try {
      return attempt(tier, view);
    } catch (SpawnFailure | Refusal e) {
      if (view.place() == null) {
        throw e;
      }
      // Root without the right to mount: the homes are used where they lie, if users get there.
      return attempt(tier, HomesView.unbound(homes));
    }
  }

  private Found attempt(Tier tier, HomesView view) {
    Confinement confinement = tiers.open(tier, view);
    LiveCommands live = null;
    try {
      live = new LiveCommands(!confinement.ownProcessNamespace());
      Attestation attestation = look(confinement, live);
      if (tier != Tier.PLAIN && !attestation.holds()) {
        throw new SpawnFailure("it started but does not confine: " + attestation.json());
      }
      return new Found(new Ready(tier, attestation, problems), confinement, live);
    } catch (SpawnFailure | Refusal | LinkageError e) {
      if (live != null) {
        live.close();
      }
      confinement.close();
      throw e;
    }
  }

  private Attestation look(Confinement confinement, LiveCommands live) {
    AgentHome home = homes.forProbe(OrgId.next(), AgentId.next());
    return new LocalSandbox(confinement, home, live, marker, 1).attest();
  }

  private static Problem problem(Tier tier, String said) {
    Map<String, String> known = new HashMap<>();
    for (String name : SETTINGS) {
      Path file = Path.of("/proc/sys", name.split("\\."));
      try {
        known.put(name, Files.readString(file).strip());
      } catch (IOException _) {
        // Not a setting of this kernel.
      }
    }
    int landlock;
    try {
      landlock = Tiers.landlock();
    } catch (LinkageError _) {
      landlock = 0;
    }
    return CauseRules.of(tier, said, known, landlock);
  }
}
