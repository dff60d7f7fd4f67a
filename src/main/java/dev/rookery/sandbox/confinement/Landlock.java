package dev.rookery.sandbox.confinement;

import dev.rookery.posix.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Landlock ruleset (landlock(7)): what is not allowed here is refused to the thread that takes it
 * on and to all it starts, for good.
 */
final class Landlock implements AutoCloseable {
  /** The first that keeps signals and abstract sockets inside (Linux 6.12). */
  static final int NEEDED_ABI = 6;

  static final long READ = 1 << 2 | 1 << 3;
  static final long EXECUTE = 1;
  private static final long FILES_ONLY = 1 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15;
  static final long EVERYTHING = (1 << 16) - 1;

  /** No devices: a home holds none, and nobody makes one there. */
  static final long HOME = EVERYTHING & ~(1 << 6 | 1 << 11);

  static final long DEVICE = 1 << 1 | 1 << 2 | 1 << 15;

  private static final int CREATE = 444;
  private static final int ADD = 445;
  private static final int RESTRICT = 446;
  private static final long BOTH_TCP = 3;
  private static final long BOTH_SCOPES = 3;

  private final int ruleset;

  Landlock() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(24, 8);
      attributes.setAtIndex(ValueLayout.JAVA_LONG, 0, EVERYTHING);
      attributes.setAtIndex(ValueLayout.JAVA_LONG, 1, BOTH_TCP);
      attributes.setAtIndex(ValueLayout.JAVA_LONG, 2, BOTH_SCOPES);
      long made = Libc.call(CREATE, attributes.address(), attributes.byteSize(), 0);
      this.ruleset = (int) Libc.must("landlock_create_ruleset", made);
    }
  }

  /** The version that the kernel offers; 0 when there is none. */
  static int abi() {
    int version = 1;
    return (int) Math.max(0, Libc.call(CREATE, 0, 0, version));
  }

  /** Allows this below the path, which may be a single file; nothing when there is no such path. */
  Landlock allow(String path, long access) {
    Path file = Path.of(path);
    if (!Files.exists(file)) {
      return this;
    }
    boolean directory = Files.isDirectory(file);
    int descriptor = Libc.open(path, Libc.O_PATH);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rule = arena.allocate(16, 8);
      rule.set(ValueLayout.JAVA_LONG, 0, directory ? access : access & FILES_ONLY);
      rule.set(ValueLayout.JAVA_INT, 8, descriptor);
      int pathBeneath = 1;
      Libc.must(
          "landlock_add_rule for " + path, Libc.call(ADD, ruleset, pathBeneath, rule.address(), 0));
      return this;
    } finally {
      Libc.close(descriptor);
    }
  }

  /** The calling thread takes it on. */
  void restrict() {
    int noNewPrivileges = 38;
    Libc.must("no_new_privs", Libc.prctl(noNewPrivileges, 1));
    Libc.must("landlock_restrict_self", Libc.call(RESTRICT, ruleset, 0));
  }

  @Override
  public void close() {
    Libc.close(ruleset);
  }
}
