package dev.rookery.sandbox.confinement;

import dev.rookery.homes.AgentHome;
import dev.rookery.homes.SandboxHomes;
import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Launch;
import dev.rookery.posix.Libc;
import dev.rookery.posix.SpawnFailure;
import dev.rookery.sandbox.confinement.SeccompRules.Sockets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The second tier: Landlock and a filter of system calls. A thread takes them on, starts the
 * command and ends with it. It is used for nothing else: whatever it started would be restricted
 * too.
 */
final class LandlockConfinement implements Confinement {
  private static final List<String> SYSTEM =
      List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");
  private static final List<String> OF_ETC =
      List.of(
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/ld.so.conf.d",
          "/etc/alternatives",
          "/etc/ssl/certs",
          "/etc/ca-certificates",
          "/etc/nsswitch.conf",
          "/etc/localtime",
          "/etc/terminfo",
          "/etc/mime.types",
          "/etc/passwd",
          "/etc/group",
          "/proc");
  private static final List<String> DEVICES =
      List.of("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty");

  private final SandboxHomes homes;
  private final HomesView view;
  private final IntUnaryOperator tasks;
  private final String limiter;
  private final byte[] filter;
  private final boolean warm;

  /**
   * @param tasks how many processes and threads a user has
   */
  LandlockConfinement(SandboxHomes homes, HomesView view, IntUnaryOperator tasks) {
    this.homes = homes;
    this.view = view;
    this.tasks = tasks;
    this.limiter = Programs.find("prlimit");
    this.filter = SeccompRules.program(Libc.machine(), Sockets.NONE);
    if (Landlock.abi() < Landlock.NEEDED_ABI) {
      throw new SpawnFailure("this kernel offers Landlock " + Landlock.abi());
    }
    this.warm = warmUp();
  }

  /** A restricted thread can open no class file, so what it will run has been run before. */
  private static boolean warmUp() {
    Spawner.Job job = new Spawner.Job(() -> 0);
    Thread.ofPlatform()
        .start(
            () -> {
              try (Landlock rules = new Landlock()) {
                rules.allow("/usr", Landlock.READ);
              }
              Libc.prctl(38, 0);
              long pid =
                  new Launch(List.of(Programs.find("true")), Map.of(), "/", Map.of(), null).start();
              Libc.awaitEnd(pid);
              Libc.reap(pid);
              job.run();
            });
    return job.await() == 0;
  }

  @Override
  public Tier tier() {
    return Tier.LANDLOCK;
  }

  @Override
  public String home(AgentHome home) {
    return view.inside(home.path()).toString();
  }

  @Override
  public String socket(Network.Proxy proxy) {
    return proxy.socket().toString();
  }

  @Override
  public boolean ownProcessNamespace() {
    return false;
  }

  /** Its threads end with their commands. */
  @Override
  public void close() {}

  @Override
  public long start(Plan plan, Map<Integer, Integer> descriptors) {
    if (plan.network() instanceof Network.Proxy _) {
      // Allowing unix sockets would allow those of the host's services too.
      throw new Refusal(
          Refusal.Kind.UNAVAILABLE,
          "sandbox-network-unavailable",
          "The tier local-landlock has no network. Install bubblewrap for the tier local-bwrap.");
    }
    Launch launch =
        new Launch(argv(plan), plan.environment(), home(plan.home()), descriptors, plan.terminal());
    Restricted restricted = new Restricted(launch, plan);
    Thread.ofPlatform().name("sandbox-restricted").daemon(true).start(restricted);
    return restricted.started.await();
  }

  private List<String> argv(Plan plan) {
    List<String> argv =
        new ArrayList<>(
            Programs.asUser(homes.ownUsers(), plan.home().user(), List.of("--pdeathsig=KILL")));
    int others = homes.ownUsers() ? 0 : tasks.applyAsInt(plan.home().user());
    argv.addAll(Programs.limited(limiter, plan.limits(), others + plan.limits().processes()));
    argv.addAll(plan.argv());
    return argv;
  }

  /** One thread's whole life. */
  private final class Restricted implements Runnable {
    private final Launch launch;
    private final Plan plan;
    private final Spawner.Job started;
    private long pid;

    Restricted(Launch launch, Plan plan) {
      this.launch = launch;
      this.plan = plan;
      this.started = new Spawner.Job(this::begin);
    }

    private long begin() {
      if (!warm) {
        throw new SpawnFailure("not prepared");
      }
      view.enter();
      try (Landlock rules = new Landlock()) {
        SYSTEM.forEach(path -> rules.allow(path, Landlock.READ | Landlock.EXECUTE));
        OF_ETC.forEach(path -> rules.allow(path, Landlock.READ));
        DEVICES.forEach(path -> rules.allow(path, Landlock.DEVICE));
        rules.allow(home(plan.home()), Landlock.HOME);
        String terminal = plan.terminal();
        if (terminal != null) {
          rules.allow(terminal, Landlock.DEVICE);
        }
        rules.restrict();
      }
      Libc.filter(filter);
      pid = launch.start();
      return pid;
    }

    /** The command dies with this thread (and so with the server), so the thread stays. */
    @Override
    public void run() {
      started.run();
      if (pid > 0) {
        Libc.awaitEnd(pid);
      }
    }
  }
}
