package dev.rookery.sandbox.confinement;

import dev.rookery.homes.AgentHome;
import dev.rookery.homes.SandboxHomes;
import dev.rookery.posix.Launch;
import dev.rookery.posix.Libc;
import dev.rookery.posix.Streams;
import dev.rookery.sandbox.confinement.SeccompRules.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The first tier: bubblewrap. */
final class BwrapConfinement implements Confinement {
  private static final String HOME = "/home/agent";
  private static final int FILTER = 3;
  private static final List<String> OF_ETC =
      List.of(
          "ld.so.cache",
          "ld.so.conf",
          "ld.so.conf.d",
          "alternatives",
          "ssl/certs",
          "ca-certificates",
          "pki/tls/certs",
          "nsswitch.conf",
          "localtime",
          "terminfo",
          "mime.types",
          "services",
          "protocols",
          "java-11-openjdk",
          "java-17-openjdk",
          "java-21-openjdk",
          "python3");

  private final SandboxHomes homes;
  private final HomesView view;
  private final Spawner spawner;
  private final Path filter;
  private final String bwrap;
  private final String limiter;
  private final boolean disablesNamespaces;

  /**
   * @param filter file that the filter of system calls is written to
   */
  BwrapConfinement(SandboxHomes homes, HomesView view, Spawner spawner, Path filter) {
    this.homes = homes;
    this.view = view;
    this.spawner = spawner;
    this.filter = filter;
    this.bwrap = Programs.find("bwrap");
    this.limiter = Programs.find("prlimit");
    this.disablesNamespaces = knowsToDisableNamespaces();
    try {
      Files.write(filter, SeccompRules.program(Libc.machine(), Sockets.OWN_NAMESPACE));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + filter, e);
    }
  }

  /** From 0.8 (2023) on; where it does not, the filter of system calls is what refuses them. */
  private boolean knowsToDisableNamespaces() {
    int[] out = Libc.pipe();
    long pid =
        spawner.spawn(
            new Launch(List.of(bwrap, "--help"), Map.of(), "/", Map.of(1, out[1], 2, out[1]), null)
                ::start);
    Libc.close(out[1]);
    try (var help = Streams.reading(out[0])) {
      return new String(help.readAllBytes(), StandardCharsets.UTF_8).contains("--disable-userns");
    } catch (IOException e) {
      throw new UncheckedIOException("bwrap --help", e);
    } finally {
      Libc.awaitEnd(pid);
      Libc.reap(pid);
    }
  }

  @Override
  public Tier tier() {
    return Tier.BWRAP;
  }

  @Override
  public String home(AgentHome home) {
    return HOME;
  }

  @Override
  public String socket(Network.Proxy proxy) {
    return "/run/rookery/egress.sock";
  }

  @Override
  public boolean ownProcessNamespace() {
    return true;
  }

  @Override
  public void close() {
    spawner.close();
  }

  @Override
  public long start(Plan plan, Map<Integer, Integer> descriptors) {
    int program = Libc.above(Libc.open(filter.toString(), 0));
    try {
      Map<Integer, Integer> all = new HashMap<>(descriptors);
      all.put(FILTER, program);
      Launch launch = new Launch(argv(plan), plan.environment(), "/", all, plan.terminal());
      return spawner.spawn(launch::start);
    } finally {
      Libc.close(program);
    }
  }

  private List<String> argv(Plan plan) {
    List<String> argv =
        new ArrayList<>(Programs.asUser(homes.ownUsers(), plan.home().user(), List.of()));
    argv.add(bwrap);
    argv.addAll(List.of("--hostname", plan.marker(), "--die-with-parent"));
    if (plan.terminal() == null) {
      argv.add("--new-session");
    }
    argv.addAll(
        List.of(
            "--unshare-user",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--uid",
            "1000",
            "--gid",
            "1000",
            "--cap-drop",
            "ALL"));
    if (disablesNamespaces) {
      argv.add("--disable-userns");
    }
    addSystem(argv);
    addPrivatePlaces(argv);
    addHome(argv, plan);
    argv.addAll(List.of("--chdir", HOME, "--seccomp", Integer.toString(FILTER)));
    if (plan.terminal() == null) {
      argv.addAll(List.of("--json-status-fd", Integer.toString(STATUS)));
    }
    argv.add("--");
    argv.addAll(Programs.limited(limiter, plan.limits(), plan.limits().processes()));
    argv.addAll(plan.argv());
    return argv;
  }

  private void addHome(List<String> argv, Plan plan) {
    argv.addAll(List.of("--bind", view.inside(plan.home().path()).toString(), HOME));
    if (plan.network() instanceof Network.Proxy proxy) {
      argv.addAll(List.of("--bind", view.inside(proxy.socket()).toString(), socket(proxy)));
    }
    argv.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/run", "--remount-ro", "/"));
  }

  private static void addSystem(List<String> argv) {
    argv.addAll(List.of("--ro-bind", "/usr", "/usr"));
    for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
      Path path = Path.of("/", name);
      if (Files.isSymbolicLink(path)) {
        argv.addAll(List.of("--symlink", "usr/" + name, "/" + name));
      } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        argv.addAll(List.of("--ro-bind", "/" + name, "/" + name));
      }
    }
    for (String name : OF_ETC) {
      argv.addAll(List.of("--ro-bind-try", "/etc/" + name, "/etc/" + name));
    }
  }

  /** Each in memory and of a fixed size: what has none may fill half of the host's memory. */
  private void addPrivatePlaces(List<String> argv) {
    for (String name : List.of("passwd", "group")) {
      Path file = view.inside(homes.root().resolve(".etc").resolve(name));
      argv.addAll(List.of("--ro-bind", file.toString(), "/etc/" + name));
    }
    argv.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    argv.addAll(List.of("--size", "67108864", "--tmpfs", "/dev/shm"));
    argv.addAll(List.of("--perms", "1777", "--size", "268435456", "--tmpfs", "/tmp"));
    argv.addAll(List.of("--size", "1048576", "--tmpfs", "/run"));
  }
}
