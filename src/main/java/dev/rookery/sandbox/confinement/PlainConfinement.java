package dev.rookery.sandbox.confinement;

import dev.rookery.homes.AgentHome;
import dev.rookery.homes.SandboxHomes;
import dev.rookery.posix.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** No confinement: a user of its own when the server is root, and limits. Only when asked for. */
final class PlainConfinement implements Confinement {
  private final SandboxHomes homes;
  private final HomesView view;
  private final Spawner spawner;
  private final IntUnaryOperator tasks;
  private final String limiter;

  /**
   * @param tasks how many processes and threads a user has
   */
  PlainConfinement(SandboxHomes homes, HomesView view, Spawner spawner, IntUnaryOperator tasks) {
    this.homes = homes;
    this.view = view;
    this.spawner = spawner;
    this.tasks = tasks;
    this.limiter = Programs.find("prlimit");
  }

  @Override
  public Tier tier() {
    return Tier.PLAIN;
  }

  @Override
  public String home(AgentHome home) {
    return view.inside(home.path()).toString();
  }

  @Override
  public String socket(Network.Proxy proxy) {
    return view.inside(proxy.socket()).toString();
  }

  @Override
  public boolean ownProcessNamespace() {
    return false;
  }

  @Override
  public void close() {
    spawner.close();
  }

  @Override
  public long start(Plan plan, Map<Integer, Integer> descriptors) {
    List<String> argv =
        new ArrayList<>(
            Programs.asUser(homes.ownUsers(), plan.home().user(), List.of("--pdeathsig=KILL")));
    int others = homes.ownUsers() ? 0 : tasks.applyAsInt(plan.home().user());
    argv.addAll(Programs.limited(limiter, plan.limits(), others + plan.limits().processes()));
    argv.addAll(plan.argv());
    Launch launch =
        new Launch(argv, plan.environment(), home(plan.home()), descriptors, plan.terminal());
    return spawner.spawn(launch::start);
  }
}
