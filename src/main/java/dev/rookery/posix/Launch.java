package dev.rookery.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process to start, with exactly this environment and these descriptors, in a session of its
 * own.
 *
 * @param argv the program by its absolute path, and its arguments
 * @param directory where it starts; null where the server is
 * @param descriptors which of our descriptors it gets, by the number it sees; all others are closed
 * @param terminal device that becomes its standard streams and its controlling terminal, or null
 */
public record Launch(
    List<String> argv,
    Map<String, String> environment,
    @Nullable String directory,
    Map<Integer, Integer> descriptors,
    @Nullable String terminal) {
  private static final int STRUCT = 512;
  private static final int SET_DEFAULTS_MASK_SESSION = 0x04 | 0x08 | 0x80;

  public Launch {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    descriptors = Map.copyOf(descriptors);
  }

  /**
   * Starts it from the calling thread, whose restrictions it inherits.
   *
   * @return its process id
   * @throws SpawnFailure when it was not started
   */
  public long start() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(STRUCT, 16);
      MemorySegment attributes = arena.allocate(STRUCT, 16);
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment program = arena.allocateFrom(argv.getFirst());
      MemorySegment arguments = strings(arena, argv);
      MemorySegment variables =
          strings(
              arena,
              environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
      int error;
      check((int) Libc.ACTIONS_INIT.invokeExact(actions));
      check((int) Libc.ATTRIBUTES_INIT.invokeExact(attributes));
      try {
        describe(arena, actions, attributes);
        error =
            (int) Libc.SPAWN.invokeExact(pid, program, actions, attributes, arguments, variables);
      } finally {
        check((int) Libc.ACTIONS_DESTROY.invokeExact(actions));
        check((int) Libc.ATTRIBUTES_DESTROY.invokeExact(attributes));
      }
      if (error != 0) {
        throw new SpawnFailure(argv.getFirst() + " was not started: error " + error);
      }
      return pid.get(ValueLayout.JAVA_INT, 0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("posix_spawn", e);
    }
  }

  private void describe(Arena arena, MemorySegment actions, MemorySegment attributes)
      throws Throwable {
    if (terminal != null) {
      MemorySegment device = arena.allocateFrom(terminal);
      check((int) Libc.ADD_OPEN.invokeExact(actions, 0, device, Libc.O_RDWR, 0));
      check((int) Libc.ADD_DUP.invokeExact(actions, 0, 1));
      check((int) Libc.ADD_DUP.invokeExact(actions, 0, 2));
    }
    int beyond = 3;
    for (Map.Entry<Integer, Integer> each : descriptors.entrySet()) {
      int ours = each.getValue();
      int theirs = each.getKey();
      check((int) Libc.ADD_DUP.invokeExact(actions, ours, theirs));
      beyond = Math.max(beyond, theirs + 1);
    }
    for (int between = 3; between < beyond; between++) {
      if (!descriptors.containsKey(between)) {
        check((int) Libc.ADD_CLOSE.invokeExact(actions, between));
      }
    }
    check((int) Libc.ADD_CLOSE_FROM.invokeExact(actions, beyond));
    if (directory != null) {
      MemorySegment path = arena.allocateFrom(directory);
      check((int) Libc.ADD_DIRECTORY.invokeExact(actions, path));
    }
    // The JVM blocks and handles signals of its own; the program starts with none of that.
    MemorySegment none = arena.allocate(128, 8);
    MemorySegment all = arena.allocate(128, 8);
    all.fill((byte) 0xff);
    check((int) Libc.SET_MASK.invokeExact(attributes, none));
    check((int) Libc.SET_DEFAULTS.invokeExact(attributes, all));
    check((int) Libc.SET_FLAGS.invokeExact(attributes, (short) SET_DEFAULTS_MASK_SESSION));
  }

  private static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
    }
    return array;
  }

  private static void check(int error) {
    if (error != 0) {
      throw new SpawnFailure("preparing a process failed with error " + error);
    }
  }
}
