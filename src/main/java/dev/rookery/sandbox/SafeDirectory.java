package dev.rookery.sandbox;

import dev.rookery.homes.AgentHome;
import dev.rookery.posix.Libc;
import dev.rookery.posix.Machine;
import dev.rookery.posix.SpawnFailure;
import dev.rookery.posix.Streams;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open directory below an agent's home. The agent can put a symbolic link, a pipe or a device's
 * name anywhere in its home at any time, and the server may be root: so each name is one component,
 * looked up in the open parent, and never followed.
 */
final class SafeDirectory implements AutoCloseable {
  private static final int DIRECTORY = 0x10000;
  private static final int NOFOLLOW = 0x20000;
  private static final int NOFOLLOW_ON_ARM = 0x8000;
  private static final int DIRECTORY_ON_ARM = 0x4000;
  private static final int CREATE_NEW = 0x40 | 0x80;
  private static final int WRITE = 1;
  private static final int WITHOUT_WAITING = 0x800;
  private static final int EXISTS = 17;
  private static final int MISSING = 2;
  private static final int DO_NOT_FOLLOW_LAST = 0x100;
  private static final int REMOVE_DIRECTORY = 0x200;
  private static final boolean ARM = Libc.machine() == Machine.AARCH64;
  private static final int ONLY_DIRECTORY =
      ARM ? DIRECTORY_ON_ARM | NOFOLLOW_ON_ARM : DIRECTORY | NOFOLLOW;
  private static final int NEVER_FOLLOW = ARM ? NOFOLLOW_ON_ARM : NOFOLLOW;
  private static final int OPEN = ARM ? 56 : 257;
  private static final int MAKE = ARM ? 34 : 258;
  private static final int UNLINK = ARM ? 35 : 263;
  private static final int CHANGE_OWNER = ARM ? 54 : 260;

  private final int descriptor;
  private final int user;

  private SafeDirectory(int descriptor, int user) {
    this.descriptor = descriptor;
    this.user = user;
  }

  static SafeDirectory of(AgentHome home) {
    return new SafeDirectory(Libc.open(home.path().toString(), ONLY_DIRECTORY), home.user());
  }

  /** The directory of this name, made if need be. */
  SafeDirectory make(String name) {
    long made = at(MAKE, name, 0700, 0);
    if (made < 0 && made != -EXISTS) {
      throw new SpawnFailure("making " + name + " in the agent's home failed: error " + -made);
    }
    if (made == 0) {
      own(name);
    }
    return enter(name);
  }

  private SafeDirectory enter(String name) {
    long opened = at(OPEN, name, ONLY_DIRECTORY | Libc.O_CLOEXEC, 0);
    if (opened < 0) {
      throw new SpawnFailure(
          name + " in the agent's home is no directory that can be used: error " + -opened);
    }
    return new SafeDirectory((int) opened, user);
  }

  /** Null when there is none, or it is no directory. */
  @Nullable SafeDirectory find(String name) {
    long opened = at(OPEN, name, ONLY_DIRECTORY | Libc.O_CLOEXEC, 0);
    return opened < 0 ? null : new SafeDirectory((int) opened, user);
  }

  /** A new file of the agent's in place of what has the name. */
  OutputStream create(String name) {
    remove(name);
    long opened = at(OPEN, name, CREATE_NEW | WRITE | NEVER_FOLLOW | Libc.O_CLOEXEC, 0600);
    Libc.must("making " + name + " in the agent's home", opened);
    own(name);
    return Streams.writing((int) opened);
  }

  /** The last bytes of a regular file; null when there is none. */
  @Nullable Tail tail(String name, int max) throws IOException {
    long opened = at(OPEN, name, NEVER_FOLLOW | WITHOUT_WAITING | Libc.O_CLOEXEC, 0);
    if (opened < 0) {
      return null;
    }
    Path file = Path.of("/proc/self/fd/" + opened);
    try {
      if (!Files.isRegularFile(file)) {
        return null;
      }
      try (FileInputStream in = new FileInputStream(file.toFile())) {
        long size = in.getChannel().size();
        in.getChannel().position(Math.max(0, size - max));
        return new Tail(in.readNBytes(max), size);
      }
    } finally {
      Libc.close((int) opened);
    }
  }

  void remove(String name) {
    long removed = at(UNLINK, name, 0, 0);
    if (removed < 0 && removed != -MISSING) {
      throw new SpawnFailure("removing " + name + " in the agent's home failed: error " + -removed);
    }
  }

  /** Only when it is empty. */
  void removeDirectory(String name) {
    at(UNLINK, name, REMOVE_DIRECTORY, 0);
  }

  List<String> names() throws IOException {
    try (var all = Files.list(Path.of("/proc/self/fd/" + descriptor))) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void own(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long at = arena.allocateFrom(name).address();
      Libc.must(
          "giving " + name + " to the agent",
          Libc.call(CHANGE_OWNER, descriptor, at, user, -1, DO_NOT_FOLLOW_LAST));
    }
  }

  private long at(int call, String name, long first, long second) {
    try (Arena arena = Arena.ofConfined()) {
      return Libc.call(call, descriptor, arena.allocateFrom(name).address(), first, second);
    }
  }

  @Override
  public void close() {
    Libc.close(descriptor);
  }
}
