package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The homes of agents below one directory. When the server runs as root, each agent gets a system
 * user of its own, a number that no other agent of the installation has.
 */
public final class SandboxHomes {
  private static final String PRIVATE = "rwx------";
  private static final String PASSABLE = "rwx--x--x";

  private final Path root;
  private final @Nullable Database database;
  private final int firstUser;
  private final int server;
  private final ConcurrentHashMap<AgentId, AgentHome> known = new ConcurrentHashMap<>();

  /**
   * Makes the directory.
   *
   * @param database where users are kept; null (for probes and benchmarks) when all get the first
   * @param firstUser number of the first agent's user, used as root only
   */
  public SandboxHomes(Path root, @Nullable Database database, int firstUser) {
    this.database = database;
    this.firstUser = firstUser;
    try {
      makePassable(root);
      this.root = root.toRealPath();
      this.server = (Integer) Files.getAttribute(root, "unix:uid");
      makePassable(this.root.resolve(".sockets"));
      makePassable(this.root.resolve(".etc"));
      Files.writeString(
          this.root.resolve(".etc/passwd"),
          "root:x:0:0:root:/:/usr/sbin/nologin\nagent:x:1000:1000:agent:/home/agent:/bin/bash\n");
      Files.writeString(this.root.resolve(".etc/group"), "root:x:0:\nagent:x:1000:\n");
      for (String file : new String[] {".etc/passwd", ".etc/group"}) {
        Files.setPosixFilePermissions(
            this.root.resolve(file), PosixFilePermissions.fromString("rw-r--r--"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory of homes " + root, e);
    }
  }

  /** Others may pass through, and not look around; what lies above the homes stays closed. */
  private static void makePassable(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(PASSABLE));
  }

  public Path root() {
    return root;
  }

  /** Whether agents have users of their own. */
  public boolean ownUsers() {
    return server == 0;
  }

  /** The agent's home, made on first use. */
  public AgentHome of(OrgId org, AgentId agent) {
    AgentHome home =
        known.computeIfAbsent(
            agent, _ -> new AgentHome(org, agent, path(org, agent), user(org, agent)));
    if (!home.org().equals(org)) {
      throw Refusal.notFound("agent", agent.value());
    }
    try {
      make(home);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the home of agent " + agent, e);
    }
    return home;
  }

  /** A home for the look at the start; its user is no agent's. */
  public AgentHome forProbe(OrgId org, AgentId agent) {
    AgentHome home =
        new AgentHome(org, agent, root.resolve(".probe/home"), ownUsers() ? firstUser - 1 : server);
    try {
      makePassable(root.resolve(".probe"));
      if (!Files.exists(home.path())) {
        Files.createDirectory(home.path());
        Files.setPosixFilePermissions(home.path(), PosixFilePermissions.fromString(PRIVATE));
        own(home.path(), home.user());
      }
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the home of the probe", e);
    }
  }

  private Path path(OrgId org, AgentId agent) {
    return root.resolve(org.value()).resolve(agent.value());
  }

  /** Calls of one agent may come at once; the first makes it whole before the others see it. */
  private synchronized void make(AgentHome home) throws IOException {
    if (!Files.isDirectory(home.path(), LinkOption.NOFOLLOW_LINKS)) {
      makePassable(root.resolve(home.org().value()));
      Files.createDirectory(
          home.path(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    }
    if (ownUsers() && !isOf(home)) {
      own(home.path(), home.user());
    }
  }

  /** False after a kill between the making and the giving away. */
  private static boolean isOf(AgentHome home) throws IOException {
    return Files.getAttribute(home.path(), "unix:uid", LinkOption.NOFOLLOW_LINKS)
        .equals(home.user());
  }

  private void own(Path path, int user) throws IOException {
    if (ownUsers()) {
      Files.setAttribute(path, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private int user(OrgId org, AgentId agent) {
    if (!ownUsers()) {
      return server;
    }
    if (database == null) {
      return firstUser;
    }
    OptionalInt user = database.read(org, tx -> SandboxUserStore.find(tx, org, agent));
    while (user.isEmpty()) {
      database.writeAcrossOrgs(tx -> SandboxUserStore.assign(tx, org, agent, firstUser));
      user = database.read(org, tx -> SandboxUserStore.find(tx, org, agent));
    }
    return user.getAsInt();
  }
}
