package dev.rookery.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Many subscribers of one kind on a single thread, which share the machine with the server. */
final class Crowd implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long GLANCE = TimeUnit.MILLISECONDS.toNanos(1);

  private final URI server;
  private final Subscriber.Stage stage;
  private final Heard heard;
  private final Selector selector;
  private final List<Client> clients = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
  private final AtomicInteger following = new AtomicInteger();
  private final AtomicInteger finished = new AtomicInteger();
  private final Thread thread;
  private volatile long goal = Long.MAX_VALUE;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /** What became of events; only the thread of the crowd writes it. */
  interface Heard {
    /** One client got a record that it was to get, at this {@link System#nanoTime()}. */
    void event(long seq, long at);
  }

  Crowd(URI server, Subscriber.Stage stage, int size, Supplier<Subscriber> kind, Heard heard) {
    this.server = server;
    this.stage = stage;
    this.heard = heard;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new Mismatch("no selector can be opened: " + e);
    }
    for (int i = 0; i < size; i++) {
      clients.add(new Client(kind.get()));
    }
    this.thread = Thread.ofPlatform().name("crowd").daemon(true).start(this::run);
  }

  private void run() {
    try {
      for (Client client : clients) {
        client.connect();
        drain(selector.selectNow());
      }
      while (!closed) {
        drain(selector.select(50));
        reachedGoal();
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void drain(int ready) throws IOException {
    if (ready > 0) {
      for (SelectionKey key : selector.selectedKeys()) {
        ((Client) key.attachment()).ready(key);
      }
      selector.selectedKeys().clear();
    }
  }

  private void reachedGoal() {
    long wanted = goal;
    finished.setPlain(0);
    finished.set((int) clients.stream().filter(client -> client.last >= wanted).count());
  }

  /** Until the server let all of them in. */
  void awaitFollowing() {
    await("let in", () -> following.get() == clients.size());
  }

  /** Until all of them have that record. */
  void await(long seq) {
    goal = seq;
    finished.set(0);
    await("given record " + seq, () -> finished.get() == clients.size());
  }

  private void await(String what, BooleanSupplier done) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      Throwable broken = failure;
      if (broken != null) {
        throw new Mismatch("A subscriber failed: " + broken.getMessage());
      }
      if (System.nanoTime() > deadline) {
        throw new Mismatch(
            "%d of %d subscribers were %s within %d s."
                .formatted(
                    goal == Long.MAX_VALUE ? following.get() : finished.get(),
                    clients.size(),
                    what,
                    PATIENCE.toSeconds()));
      }
      LockSupport.parkNanos(GLANCE);
    }
  }

  /** Records that never came, to whomever. Call it when all have the last one. */
  long lost() {
    return clients.stream().mapToLong(client -> client.lost).sum();
  }

  /** Records that came again. */
  long repeated() {
    return clients.stream().mapToLong(client -> client.repeated).sum();
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
      for (Client client : clients) {
        client.close();
      }
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new Mismatch("a connection does not close: " + e);
    }
  }

  private final class Client implements LongConsumer {
    private final Subscriber subscriber;
    private @Nullable SocketChannel channel;
    private boolean in;
    private long now;
    private volatile long last = stage.after();
    private volatile long lost;
    private volatile long repeated;

    Client(Subscriber subscriber) {
      this.subscriber = subscriber;
    }

    void connect() throws IOException {
      SocketChannel opened = SocketChannel.open();
      channel = opened;
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      opened.configureBlocking(false);
      opened.register(selector, SelectionKey.OP_CONNECT, this);
      if (opened.connect(new InetSocketAddress(server.getHost(), server.getPort()))) {
        Objects.requireNonNull(opened.keyFor(selector)).interestOps(SelectionKey.OP_READ);
        send(opened, subscriber.opening(stage));
      }
    }

    void ready(SelectionKey key) throws IOException {
      SocketChannel mine = (SocketChannel) key.channel();
      if (key.isConnectable()) {
        mine.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        send(mine, subscriber.opening(stage));
        return;
      }
      buffer.clear();
      if (mine.read(buffer) < 0) {
        throw new Mismatch("the server closed a connection");
      }
      now = System.nanoTime();
      ByteBuffer back = subscriber.hear(buffer.flip(), this);
      if (back != null) {
        send(mine, back);
      }
      if (!in && subscriber.following()) {
        in = true;
        following.incrementAndGet();
      }
    }

    /** A few hundred bytes, for which there is always room. */
    private void send(SocketChannel to, ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void accept(long seq) {
      if (seq <= last) {
        repeated++;
        return;
      }
      lost += seq - last - 1;
      last = seq;
      heard.event(seq, now);
    }

    void close() throws IOException {
      SocketChannel opened = channel;
      if (opened != null) {
        opened.close();
      }
    }
  }
}
