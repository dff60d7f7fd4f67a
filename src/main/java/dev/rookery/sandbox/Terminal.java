package dev.rookery.sandbox;

import dev.rookery.posix.Libc;
import dev.rookery.posix.SpawnFailure;
import dev.rookery.sandbox.Outcome.Why;
import dev.rookery.sandbox.confinement.Confinement;
import dev.rookery.sandbox.confinement.Plan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A program on a terminal of its own (the second kind of session). It ends with the server. */
public final class Terminal {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int KEPT = 64 << 10;
  private static final long SET_SIZE = 0x5414;
  private static final long GET_NUMBER = 0x80045430L;
  private static final long UNLOCK = 0x40045431L;
  private static final long GET_FOREGROUND = 0x540f;

  private final String id = "pty-" + NUMBERS.incrementAndGet();
  private final int master;
  private final Running running;
  private final OutputStream input;
  private final Consumer<Terminal> onEnd;
  private final CompletableFuture<Outcome> ended = new CompletableFuture<>();
  private final List<OutputSink> followers = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream recent = new ByteArrayOutputStream();
  private boolean closed;

  /** What {@link #start} made. */
  record Parts(int master, Running running, OutputStream input) {}

  Terminal(Parts parts, Consumer<Terminal> onEnd) {
    this.master = parts.master();
    this.running = parts.running();
    this.input = parts.input();
    this.onEnd = onEnd;
  }

  /** Starts the program with the terminal as its controlling one. */
  static Parts start(Confinement confinement, Plan plan, TerminalRequest request) {
    int master = Libc.above(Libc.open("/dev/ptmx", Libc.O_RDWR | 0x100));
    try {
      String device = unlocked(master);
      own(Path.of(device), plan.home().user());
      resize(master, request.columns(), request.rows());
      Plan onTerminal =
          new Plan(
              plan.home(),
              plan.argv(),
              withTerm(plan.environment()),
              plan.directory(),
              plan.limits(),
              plan.network(),
              plan.marker(),
              device);
      long pid = confinement.start(onTerminal, Map.of());
      Running running =
          new Running(confinement, onTerminal, null, new Running.Started(pid, Child.exit(pid)));
      return new Parts(master, running, new MasterStream(master));
    } catch (RuntimeException | IOException e) {
      Libc.close(master);
      throw new SpawnFailure("no terminal could be opened: " + e.getMessage());
    }
  }

  private static Map<String, String> withTerm(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("TERM", "xterm-256color");
    return all;
  }

  private static String unlocked(int master) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      Libc.must("unlocking a terminal", Libc.ioctl(master, UNLOCK, number.address()));
      Libc.must("naming a terminal", Libc.ioctl(master, GET_NUMBER, number.address()));
      return "/dev/pts/" + number.get(ValueLayout.JAVA_INT, 0);
    }
  }

  private static void own(Path device, int user) throws IOException {
    if ((Integer) Files.getAttribute(device, "unix:uid") != user) {
      Files.setAttribute(device, "unix:uid", user);
    }
    Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-------"));
  }

  private static void resize(int master, int columns, int rows) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
      size.setAtIndex(ValueLayout.JAVA_SHORT, 0, (short) rows);
      size.setAtIndex(ValueLayout.JAVA_SHORT, 1, (short) columns);
      Libc.must("resizing a terminal", Libc.ioctl(master, SET_SIZE, size.address()));
    }
  }

  void follow() {
    Thread.ofPlatform().name("sandbox-" + id).daemon(true).start(this::read);
    Thread.ofPlatform().name("sandbox-" + id + "-end").daemon(true).start(this::awaitEnd);
  }

  private void read() {
    byte[] buffer = new byte[8192];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(buffer.length);
      for (int n = MasterStream.read(master, memory);
          n > 0;
          n = MasterStream.read(master, memory)) {
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, buffer, 0, n);
        said(buffer, n);
      }
    } finally {
      close();
    }
  }

  private synchronized void said(byte[] bytes, int n) {
    recent.write(bytes, 0, n);
    if (recent.size() > 2 * KEPT) {
      byte[] all = recent.toByteArray();
      recent.reset();
      recent.write(all, all.length - KEPT, KEPT);
    }
    List<OutputSink> gone = new ArrayList<>();
    for (OutputSink follower : followers) {
      try {
        follower.write(bytes, n);
      } catch (RuntimeException _) {
        gone.add(follower);
      }
    }
    followers.removeAll(gone);
  }

  private void awaitEnd() {
    Outcome outcome = running.await();
    onEnd.accept(this);
    ended.complete(outcome);
  }

  private synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(master);
    }
  }

  public String id() {
    return id;
  }

  /** Gives the sink what was said last (up to 64 KiB), then all that follows. */
  public synchronized void attach(OutputSink sink) {
    byte[] before = recent.toByteArray();
    sink.write(before, before.length);
    followers.add(sink);
  }

  public void detach(OutputSink sink) {
    followers.remove(sink);
  }

  /** Types. */
  public void write(byte[] bytes) {
    try {
      input.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("terminal " + id + " is gone", e);
    }
  }

  public synchronized void resize(int columns, int rows) {
    if (!closed) {
      resize(master, columns, rows);
    }
  }

  /** Signals what runs in the foreground; false when there is nothing. */
  public synchronized boolean signal(int number) {
    if (closed) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment group = arena.allocate(ValueLayout.JAVA_INT);
      return Libc.ioctl(master, GET_FOREGROUND, group.address()) == 0
          && group.get(ValueLayout.JAVA_INT, 0) > 0
          && Libc.kill(-group.get(ValueLayout.JAVA_INT, 0), number);
    }
  }

  /** Ends the program and all that it started, within ten seconds. */
  public void kill() {
    running.stop(Why.CANCELLED, "the terminal was closed");
  }

  /** How it ended, once it has. */
  public CompletableFuture<Outcome> ended() {
    return ended.copy();
  }
}
