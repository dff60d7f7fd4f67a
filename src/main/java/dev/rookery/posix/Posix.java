package dev.rookery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The calls of Linux that work relative to an open directory and follow no link. The JDK has only
 * some of them: {@code SecureDirectoryStream} makes no directory and reads no link.
 */
@SuppressWarnings("restricted")
public final class Posix {
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

  public static final int WRITE_ONLY = 1;
  public static final int CREATE = 0100;
  public static final int EXCLUSIVE = 0200;
  public static final int NON_BLOCKING = 04000;
  public static final int NO_TTY = 0400;
  public static final int DIRECTORY = ARM ? 0x4000 : 0x10000;
  public static final int NO_FOLLOW = ARM ? 0x8000 : 0x20000;
  static final int PATH_ONLY = 0x200000;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int HERE = -100;
  private static final int NO_FOLLOW_AT = 0x100;
  private static final int REMOVE_DIRECTORY = 0x200;
  private static final int EMPTY_PATH = 0x1000;
  private static final int BASIC_STATS = 0x7ff;
  private static final int NO_REPLACE = 1;
  private static final int EXCHANGE = 2;
  private static final int INTERRUPTED = 4;
  private static final int MAX_LINK = 4096;
  private static final int CHUNK = 1 << 16;

  private Posix() {}

  /** One call; where it fails it returns -1 and says why in the captured state. */
  private interface Native {
    long run(Arena arena, MemorySegment state) throws Throwable;
  }

  private static long call(String what, String name, Native function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      while (true) {
        long result = run(function, arena, state);
        if (result >= 0) {
          return result;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != INTERRUPTED) {
          throw new PosixFailure(what, name, errno);
        }
      }
    }
  }

  private static long run(Native function, Arena arena, MemorySegment state) {
    try {
      return function.run(arena, state);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the operating system threw", e);
    }
  }

  private static MemorySegment text(Arena arena, String name) {
    byte[] bytes = FileNames.encode(name);
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  /** A directory by its path; only for paths whose parents nobody else can change. */
  public static Fd openTrusted(Path directory) {
    return open(new Fd(HERE), directory.toString(), PATH_ONLY | DIRECTORY | NO_FOLLOW, 0);
  }

  /** A directory for use in other calls; a link is refused as not a directory. */
  public static Fd openDirectory(Fd parent, String name) {
    return open(parent, name, PATH_ONLY | DIRECTORY | NO_FOLLOW, 0);
  }

  public static Fd open(Fd parent, String name, int flags, int mode) {
    return new Fd(
        (int)
            call(
                "opening",
                name,
                (arena, state) ->
                    (int)
                        PosixCalls.OPEN.invokeExact(
                            state,
                            parent.number(),
                            text(arena, name),
                            flags | CLOSE_ON_EXEC,
                            mode)));
  }

  static void close(Fd fd) {
    call("closing", "a file", (_, state) -> (int) PosixCalls.CLOSE.invokeExact(state, fd.number()));
  }

  /** Up to {@code length} bytes from the offset; -1 at the end. */
  public static int read(Fd fd, long offset, byte[] into, int start, int length) {
    int wanted = Math.min(length, CHUNK);
    try (Arena buffers = Arena.ofConfined()) {
      MemorySegment buffer = buffers.allocate(wanted);
      int count =
          (int)
              call(
                  "reading",
                  "a file",
                  (_, state) ->
                      (long)
                          PosixCalls.PREAD.invokeExact(
                              state, fd.number(), buffer, (long) wanted, offset));
      MemorySegment.copy(buffer, JAVA_BYTE, 0, into, start, count);
      return count == 0 ? -1 : count;
    }
  }

  public static void write(Fd fd, byte[] bytes, int start, int length) {
    try (Arena buffers = Arena.ofConfined()) {
      MemorySegment buffer = buffers.allocate(CHUNK);
      int done = 0;
      while (done < length) {
        int count = Math.min(CHUNK, length - done);
        MemorySegment.copy(bytes, start + done, buffer, JAVA_BYTE, 0, count);
        done +=
            (int)
                call(
                    "writing",
                    "a file",
                    (_, state) ->
                        (long)
                            PosixCalls.WRITE.invokeExact(state, fd.number(), buffer, (long) count));
      }
    }
  }

  /** Of the name itself, not of what a link points to. */
  public static FileStatus status(Fd parent, String name) {
    return status(parent, name, NO_FOLLOW_AT);
  }

  public static FileStatus status(Fd fd) {
    return status(fd, "", EMPTY_PATH);
  }

  private static FileStatus status(Fd parent, String name, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stat = arena.allocate(256, 8);
      call(
          "looking at",
          name,
          (inner, state) ->
              (int)
                  PosixCalls.STATX.invokeExact(
                      state, parent.number(), text(inner, name), flags, BASIC_STATS, stat));
      int mode = Short.toUnsignedInt(stat.get(JAVA_SHORT, 28));
      return new FileStatus(
          FileStatus.Type.of(mode),
          mode & 07777,
          stat.get(JAVA_INT, 20),
          stat.get(JAVA_INT, 16),
          stat.get(JAVA_LONG, 40),
          stat.get(JAVA_LONG, 48) * 512,
          new FileStatus.Node(
              (stat.get(JAVA_INT, 136) << 20) | stat.get(JAVA_INT, 140), stat.get(JAVA_LONG, 32)),
          stat.get(JAVA_LONG, 112));
    }
  }

  public static String readLink(Fd parent, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(MAX_LINK);
      long length =
          call(
              "reading the link",
              name,
              (inner, state) ->
                  (long)
                      PosixCalls.READLINK.invokeExact(
                          state, parent.number(), text(inner, name), target, (long) MAX_LINK));
      return FileNames.decode(bytes(target, length));
    }
  }

  private static byte[] bytes(MemorySegment segment, long length) {
    return segment.asSlice(0, length).toArray(JAVA_BYTE);
  }

  public static void symlink(String target, Fd parent, String name) {
    call(
        "linking",
        name,
        (arena, state) ->
            (int)
                PosixCalls.SYMLINK.invokeExact(
                    state, text(arena, target), parent.number(), text(arena, name)));
  }

  public static void makeDirectory(Fd parent, String name, int mode) {
    call(
        "making the directory",
        name,
        (arena, state) ->
            (int) PosixCalls.MKDIR.invokeExact(state, parent.number(), text(arena, name), mode));
  }

  public static void remove(Fd parent, String name, boolean directory) {
    int flags = directory ? REMOVE_DIRECTORY : 0;
    call(
        "removing",
        name,
        (arena, state) ->
            (int) PosixCalls.UNLINK.invokeExact(state, parent.number(), text(arena, name), flags));
  }

  /** A name in an open directory. */
  public record Spot(Fd directory, String name) {}

  public static void rename(Spot from, Spot to) {
    rename(from, to, 0);
  }

  /** Fails where there is something at the new name already. */
  public static void renameToNew(Spot from, Spot to) {
    rename(from, to, NO_REPLACE);
  }

  /** Both change places at once. */
  public static void exchange(Spot one, Spot other) {
    rename(one, other, EXCHANGE);
  }

  private static void rename(Spot from, Spot to, int flags) {
    call(
        "renaming",
        from.name(),
        (arena, state) ->
            (int)
                PosixCalls.RENAME.invokeExact(
                    state,
                    from.directory().number(),
                    text(arena, from.name()),
                    to.directory().number(),
                    text(arena, to.name()),
                    flags));
  }

  public static void own(Fd fd, int uid) {
    own(fd, "", uid, EMPTY_PATH);
  }

  /** Of the name itself, not of what a link points to. */
  public static void own(Fd parent, String name, int uid) {
    own(parent, name, uid, NO_FOLLOW_AT);
  }

  private static void own(Fd parent, String name, int uid, int flags) {
    call(
        "giving away",
        name,
        (arena, state) ->
            (int)
                PosixCalls.CHOWN.invokeExact(
                    state, parent.number(), text(arena, name), uid, uid, flags));
  }

  public static void permit(Fd fd, int permissions) {
    call(
        "changing the mode of",
        "a file",
        (_, state) -> (int) PosixCalls.CHMOD.invokeExact(state, fd.number(), permissions));
  }

  public static void modified(Spot spot, long seconds) {
    try (Arena times = Arena.ofConfined()) {
      MemorySegment both = times.allocate(32, 8);
      both.set(JAVA_LONG, 0, seconds);
      both.set(JAVA_LONG, 16, seconds);
      call(
          "dating",
          spot.name(),
          (arena, state) ->
              (int)
                  PosixCalls.TIMES.invokeExact(
                      state,
                      spot.directory().number(),
                      text(arena, spot.name()),
                      both,
                      NO_FOLLOW_AT));
    }
  }

  public static void sync(Fd fd) {
    call("syncing", "a file", (_, state) -> (int) PosixCalls.FSYNC.invokeExact(state, fd.number()));
  }

  public static void syncFileSystem(Fd fd) {
    call(
        "syncing",
        "the disk",
        (_, state) -> (int) PosixCalls.SYNCFS.invokeExact(state, fd.number()));
  }

  /** Makes the names in a directory durable. */
  public static void syncDirectory(Fd directory) {
    try (Fd readable = open(directory, ".", DIRECTORY, 0)) {
      sync(readable);
    }
  }

  /** Each name in the directory but {@code .} and {@code ..}, in no order. */
  public static void names(Fd directory, Consumer<String> each) {
    Fd readable = open(directory, ".", DIRECTORY, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment stream =
          (MemorySegment) PosixCalls.OPENDIR.invokeExact(state, readable.number());
      if (stream.address() == 0) {
        readable.close();
        throw new PosixFailure("listing", "a directory", (int) ERRNO.get(state, 0L));
      }
      try {
        readAll(stream, state, each);
      } finally {
        int _ = (int) PosixCalls.CLOSEDIR.invokeExact(state, stream);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the operating system threw", e);
    }
  }

  private static void readAll(MemorySegment stream, MemorySegment state, Consumer<String> each)
      throws Throwable {
    while (true) {
      MemorySegment entry = (MemorySegment) PosixCalls.READDIR.invokeExact(state, stream);
      if (entry.address() == 0) {
        return;
      }
      MemorySegment name = entry.reinterpret(19 + 256).asSlice(19);
      long length = 0;
      while (name.get(JAVA_BYTE, length) != 0) {
        length++;
      }
      String text = FileNames.decode(bytes(name, length));
      if (!text.equals(".") && !text.equals("..")) {
        each.accept(text);
      }
    }
  }
}
