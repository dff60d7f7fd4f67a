package dev.rookery.egress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to a vetted address, through which bytes go both ways. */
final class GuardedTunnel implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GuardedTunnel.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final SocketChannel remote;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private volatile long lastByte = System.nanoTime();

  private GuardedTunnel(SocketChannel remote) {
    this.remote = remote;
  }

  /** How much went through. */
  record Moved(long sent, long received) {}

  /** No address accepted a connection. */
  static final class NotReached extends IOException {
    private static final long serialVersionUID = 1L;

    NotReached(IOException last) {
      super("no address accepted a connection", last);
    }
  }

  /**
   * @throws NotReached when none of the addresses answers in time
   */
  static GuardedTunnel dial(List<InetAddress> addresses, int port) throws NotReached {
    IOException last = new IOException("there is no address");
    for (InetAddress address : addresses) {
      try {
        SocketChannel channel = SocketChannel.open();
        try {
          channel.socket().connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
          return new GuardedTunnel(channel);
        } catch (IOException e) {
          channel.close();
          throw e;
        }
      } catch (IOException e) {
        last = e;
      }
    }
    throw new NotReached(last);
  }

  /** The side of the sandbox. */
  record Ends(InputStream in, OutputStream out, ByteChannel client) {}

  /**
   * Carries bytes until one side ends, nothing moves for too long, or too much moved.
   *
   * @param first what was read from the client already
   */
  Moved carry(byte[] first, Ends ends, EgressProxy.Limits limits, ScheduledExecutorService clock)
      throws IOException {
    OutputStream out = Channels.newOutputStream(remote);
    out.write(first);
    sent.addAndGet(first.length);
    long period = Math.max(100, limits.idle().toMillis() / 4);
    ScheduledFuture<?> watch =
        clock.scheduleWithFixedDelay(
            () -> endIfIdle(ends, limits.idle()), period, period, TimeUnit.MILLISECONDS);
    Thread up =
        Thread.ofVirtual()
            .start(
                () -> {
                  if (pump(ends.in(), out, sent, limits.maxBytes())) {
                    finishSending();
                  }
                });
    try {
      pump(Channels.newInputStream(remote), ends.out(), received, limits.maxBytes());
    } finally {
      watch.cancel(false);
      end(ends);
      join(up);
    }
    return new Moved(sent.get(), received.get());
  }

  /** Returns whether the source came to its end; otherwise one of the two sides is gone. */
  private boolean pump(InputStream from, OutputStream to, AtomicLong count, long max) {
    byte[] chunk = new byte[16_384];
    try {
      for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
        lastByte = System.nanoTime();
        count.addAndGet(read);
        if (sent.get() + received.get() > max) {
          return false;
        }
        to.write(chunk, 0, read);
        to.flush();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void finishSending() {
    try {
      remote.shutdownOutput();
    } catch (IOException e) {
      log.debug("the other side of a tunnel was gone first", e);
    }
  }

  private void endIfIdle(Ends ends, Duration idle) {
    if (System.nanoTime() - lastByte > idle.toNanos()) {
      end(ends);
    }
  }

  private void end(Ends ends) {
    try (ByteChannel _ = ends.client()) {
      remote.close();
    } catch (IOException e) {
      log.debug("a side of a tunnel was closed already", e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    remote.close();
  }
}
