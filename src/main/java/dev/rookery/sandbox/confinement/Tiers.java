package dev.rookery.sandbox.confinement;

import dev.rookery.homes.SandboxHomes;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** Opens tiers on this machine. */
public final class Tiers {
  /** Version of Landlock that {@link Tier#LANDLOCK} needs. */
  public static final int LANDLOCK_NEEDED = Landlock.NEEDED_ABI;

  private final SandboxHomes homes;
  private final Path filter;
  private final IntUnaryOperator tasks;

  /**
   * @param filter file that the filter of system calls is written to
   * @param tasks how many processes and threads a user has
   */
  public Tiers(SandboxHomes homes, Path filter, IntUnaryOperator tasks) {
    this.homes = homes;
    this.filter = filter;
    this.tasks = tasks;
  }

  /**
   * Prepares the tier; whether it confines is for a command to show.
   *
   * @throws dev.rookery.posix.SpawnFailure when something is missing
   */
  public Confinement open(Tier tier, HomesView view) {
    return switch (tier) {
      case BWRAP -> spawning(view, by -> new BwrapConfinement(homes, view, by, filter));
      case LANDLOCK -> new LandlockConfinement(homes, view, tasks);
      case PLAIN -> spawning(view, by -> new PlainConfinement(homes, view, by, tasks));
    };
  }

  private static Confinement spawning(HomesView view, Function<Spawner, Confinement> make) {
    Spawner spawner = Spawner.start(view::enter);
    try {
      return make.apply(spawner);
    } catch (RuntimeException | Error e) {
      spawner.close();
      throw e;
    }
  }

  /** Version of Landlock that the kernel offers; 0 when there is none. */
  public static int landlock() {
    return Landlock.abi();
  }
}
