package dev.rookery.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Posts to one URL over many kept-alive connections from a single thread, so that the client takes
 * little of the machine that it shares with the server.
 */
final class WebhookClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PEOPLE = 1_000;

  private final Bot bot;
  private final Selector selector;
  private final List<Line> lines = new ArrayList<>();
  private final byte[] head;
  private long sent;

  WebhookClient(Bot bot, int connections) {
    this.bot = bot;
    URI hook = bot.hook();
    this.head =
        """
        POST %s HTTP/1.1\r
        Host: %s:%d\r
        Content-Type: application/json\r
        %s: %s\r
        Content-Length:\s"""
            .formatted(
                hook.getPath(), hook.getHost(), hook.getPort(), Bot.SECRET_HEADER, Bot.SECRET)
            .getBytes(StandardCharsets.US_ASCII);
    try {
      this.selector = Selector.open();
      for (int i = 0; i < connections; i++) {
        lines.add(new Line(open(hook)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect to " + hook.getAuthority(), e);
    }
  }

  private SocketChannel open(URI hook) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(hook.getHost(), hook.getPort()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    return channel;
  }

  /** What a load of requests came to. */
  record Load(int accepted, double seconds, Latencies latencies) {
    double perSecond() {
      return accepted / seconds;
    }
  }

  /** Each connection sends its next request when it has the answer to the last one. */
  Load flatOut(Duration time) {
    Latencies latencies = new Latencies();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    lines.forEach(line -> line.send(System.nanoTime()));
    drive(
        latencies,
        line -> {
          if (System.nanoTime() < end) {
            line.send(System.nanoTime());
          }
        },
        () -> 0L);
    return new Load(latencies.count(), (System.nanoTime() - start) / 1e9, latencies);
  }

  /**
   * So many requests per second, whether or not earlier ones are answered. A request's time runs
   * from when it was due, so that a server that stalls cannot slow the clock.
   */
  Load paced(int perSecond, Duration time) {
    Latencies latencies = new Latencies();
    Deque<Line> idle = new ArrayDeque<>(lines);
    long interval = Duration.ofSeconds(1).toNanos() / perSecond;
    long total = time.toNanos() / interval;
    long start = System.nanoTime();
    long[] next = {0};
    drive(
        latencies,
        idle::add,
        () -> {
          long due = start + next[0] * interval;
          while (next[0] < total && due <= System.nanoTime() && !idle.isEmpty()) {
            idle.remove().send(due);
            next[0]++;
            due = start + next[0] * interval;
          }
          return next[0] < total ? Math.max(1, (due - System.nanoTime()) / 1_000_000) : 0L;
        });
    return new Load(latencies.count(), (System.nanoTime() - start) / 1e9, latencies);
  }

  private interface Answered {
    void by(Line line);
  }

  /**
   * Until nothing is under way and the pace asks for no more.
   *
   * @param pace sends what is due; milliseconds until the next is due, 0 when there is none
   */
  private void drive(Latencies latencies, Answered answered, Supplier<Long> pace) {
    long quiet = System.nanoTime() + PATIENCE.toNanos();
    long wait = pace.get();
    while (wait > 0 || lines.stream().anyMatch(line -> line.busy)) {
      int ready = select(wait == 0 ? PATIENCE.toMillis() : wait);
      if (ready > 0) {
        quiet = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > quiet) {
        throw new Mismatch("A request was not answered within " + PATIENCE.toSeconds() + " s.");
      }
      for (SelectionKey key : selector.selectedKeys()) {
        Line line = (Line) key.attachment();
        if (line.read()) {
          latencies.add(System.nanoTime() - line.due);
          answered.by(line);
        }
      }
      selector.selectedKeys().clear();
      wait = pace.get();
    }
  }

  private int select(long millis) {
    try {
      return selector.select(millis);
    } catch (IOException e) {
      throw new UncheckedIOException("the client's selector broke", e);
    }
  }

  @Override
  public void close() {
    lines.forEach(Line::close);
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the client's selector does not close", e);
    }
  }

  /** One connection, with at most one request under way. */
  private final class Line {
    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(8192);
    private long due;
    private boolean busy;

    Line(SocketChannel channel) throws IOException {
      this.channel = channel;
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(long dueAt) {
      due = dueAt;
      busy = true;
      long person = 1_000_000 + sent++ % PEOPLE;
      byte[] body = bot.update(person, "Is anybody there?").getBytes(StandardCharsets.UTF_8);
      byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
      ByteBuffer request = ByteBuffer.allocate(head.length + length.length + body.length);
      request.put(head).put(length).put(body).flip();
      try {
        while (request.hasRemaining()) {
          channel.write(request);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("a request could not be sent: " + e.getMessage(), e);
      }
    }

    /** True when the answer is complete; it must say 200. */
    boolean read() {
      try {
        if (channel.read(answer) < 0) {
          throw new Mismatch("The server closed a connection.");
        }
      } catch (IOException e) {
        throw new UncheckedIOException("an answer could not be read: " + e.getMessage(), e);
      }
      if (!AnswerHead.complete(answer.array(), answer.position())) {
        return false;
      }
      String status = new String(answer.array(), 9, 3, StandardCharsets.US_ASCII);
      if (!status.equals("200")) {
        throw new Mismatch("A webhook was answered " + status + ".");
      }
      answer.clear();
      busy = false;
      return true;
    }

    void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException("a connection does not close", e);
      }
    }
  }
}
