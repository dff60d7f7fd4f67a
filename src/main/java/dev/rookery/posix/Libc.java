package dev.rookery.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.OptionalInt;

/**
 * The calls of the C library that the sandbox needs and the JDK does not offer: its own {@code
 * posix_spawn}, which can hand over descriptors and a terminal, and starts no thread of the JDK
 * that would inherit the restrictions of the one that calls.
 *
 * <p>Needs glibc 2.34 (2021) or later; elsewhere loading this class fails, and the probe says so.
 */
@SuppressWarnings("restricted")
public final class Libc {
  public static final int SIGTERM = 15;
  public static final int SIGKILL = 9;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_PATH = 0x200000;
  public static final int O_RDWR = 2;
  public static final int EINTR = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          symbol("syscall"),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("errno"));
  static final MethodHandle SPAWN =
      plain("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  static final MethodHandle ACTIONS_INIT = plain("posix_spawn_file_actions_init", ADDRESS);
  static final MethodHandle ACTIONS_DESTROY = plain("posix_spawn_file_actions_destroy", ADDRESS);
  static final MethodHandle ADD_DUP =
      plain("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
  static final MethodHandle ADD_OPEN =
      plain("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  static final MethodHandle ADD_CLOSE =
      plain("posix_spawn_file_actions_addclose", ADDRESS, JAVA_INT);
  static final MethodHandle ADD_CLOSE_FROM =
      plain("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
  static final MethodHandle ADD_DIRECTORY =
      plain("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);
  static final MethodHandle ATTRIBUTES_INIT = plain("posix_spawnattr_init", ADDRESS);
  static final MethodHandle ATTRIBUTES_DESTROY = plain("posix_spawnattr_destroy", ADDRESS);
  static final MethodHandle SET_FLAGS =
      plain("posix_spawnattr_setflags", ADDRESS, ValueLayout.JAVA_SHORT);
  static final MethodHandle SET_MASK = plain("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
  static final MethodHandle SET_DEFAULTS = plain("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);

  private static final Numbers NUMBERS = Numbers.here();

  private Libc() {}

  public static Machine machine() {
    return Machine.of(System.getProperty("os.arch", ""));
  }

  /** Numbers of system calls that differ between machines. */
  private record Numbers(
      int open, int close, int pipe, int kill, int collect, int prctl, int mount, int unshare) {
    static Numbers here() {
      return switch (machine()) {
        case X86_64 -> new Numbers(257, 3, 293, 62, 61, 157, 165, 272);
        case AARCH64 -> new Numbers(56, 57, 59, 129, 260, 167, 40, 97);
      };
    }

    int fcntl() {
      return open == 257 ? 72 : 25;
    }

    int ioctl() {
      return open == 257 ? 16 : 29;
    }

    int waitid() {
      return open == 257 ? 247 : 95;
    }

    int seccomp() {
      return open == 257 ? 317 : 277;
    }
  }

  private static MemorySegment symbol(String name) {
    return SYMBOLS
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name));
  }

  private static MethodHandle plain(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /**
   * One system call with up to five arguments: numbers, and addresses of segments.
   *
   * @return what the kernel answered, or minus the error number
   */
  public static long call(long number, long... arguments) {
    long[] five = new long[5];
    System.arraycopy(arguments, 0, five, 0, arguments.length);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long answer =
          (long) SYSCALL.invokeExact(state, number, five[0], five[1], five[2], five[3], five[4]);
      return answer == -1 ? -(int) ERRNO.get(state, 0L) : answer;
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("system call " + number, e);
    }
  }

  /** Throws for a negative answer. */
  public static long must(String what, long answer) {
    if (answer < 0) {
      throw new SpawnFailure(what + " failed with error " + -answer);
    }
    return answer;
  }

  public static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long at = arena.allocateFrom(path).address();
      return (int) must("open " + path, call(NUMBERS.open(), -100, at, flags | O_CLOEXEC, 0));
    }
  }

  public static void own(int descriptor, int user) {
    call(machine() == Machine.X86_64 ? 93 : 55, descriptor, user, -1);
  }

  public static void close(int descriptor) {
    call(NUMBERS.close(), descriptor);
  }

  /** Reading end and writing end, both above the standard descriptors and closed on exec. */
  public static int[] pipe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      must("pipe", call(NUMBERS.pipe(), ends.address(), O_CLOEXEC));
      return new int[] {above(ends.getAtIndex(JAVA_INT, 0)), above(ends.getAtIndex(JAVA_INT, 1))};
    }
  }

  /** The same open file under a number from 16 up, so that it is no target of a dup2. */
  public static int above(int descriptor) {
    int duplicateOnExec = 1030;
    long higher = must("dup", call(NUMBERS.fcntl(), descriptor, duplicateOnExec, 16));
    close(descriptor);
    return (int) higher;
  }

  /** False when there is no such process, or it is not ours to signal. */
  public static boolean kill(long pid, int signal) {
    return call(NUMBERS.kill(), pid, signal) == 0;
  }

  /** Collects a child that ended: its exit code, or 128 and the signal; empty while it runs. */
  public static OptionalInt reap(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      int withoutWaiting = 1;
      if (call(NUMBERS.collect(), pid, status.address(), withoutWaiting, 0) != pid) {
        return OptionalInt.empty();
      }
      int raw = status.get(JAVA_INT, 0);
      int signal = raw & 0x7f;
      return OptionalInt.of(signal == 0 ? raw >> 8 & 0xff : 128 + signal);
    }
  }

  /** Returns when the child has ended; it stays to be reaped. */
  public static void awaitEnd(long pid) {
    int byPid = 1;
    int endedButKept = 4 | 0x01000000;
    long answer;
    do {
      answer = call(NUMBERS.waitid(), byPid, pid, 0, endedButKept, 0);
    } while (answer == -EINTR);
  }

  public static long prctl(int option, long argument) {
    return call(NUMBERS.prctl(), option, argument, 0, 0, 0);
  }

  public static long ioctl(int descriptor, long request, long argument) {
    return call(NUMBERS.ioctl(), descriptor, request, argument);
  }

  public static long unshare(long flags) {
    return call(NUMBERS.unshare(), flags);
  }

  public static long mount(String source, String target, long flags) {
    try (Arena arena = Arena.ofConfined()) {
      long from = arena.allocateFrom(source).address();
      long to = arena.allocateFrom(target).address();
      return call(NUMBERS.mount(), from, to, 0, flags, 0);
    }
  }

  /** Puts the filter on the calling thread for good. */
  public static void filter(byte[] program) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(program.length, 8);
      code.copyFrom(MemorySegment.ofArray(program));
      MemorySegment header = arena.allocate(16, 8);
      header.set(ValueLayout.JAVA_SHORT, 0, (short) (program.length / 8));
      header.set(ADDRESS, 8, code);
      int setFilter = 1;
      must("seccomp", call(NUMBERS.seccomp(), setFilter, 0, header.address()));
    }
  }
}
