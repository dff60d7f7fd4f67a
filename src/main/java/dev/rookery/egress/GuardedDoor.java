package dev.rookery.egress;

import dev.rookery.secrets.Secrets;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sandbox's way out: a Unix socket and the connections that came through it. */
public final class GuardedDoor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GuardedDoor.class);

  private final EgressProxy.Trade trade;
  private final Secrets.User user;
  private final Path socket;
  private final Consumer<GuardedDoor> onClose;
  private final EgressLedger ledger;
  private final ServerSocketChannel server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  GuardedDoor(
      EgressProxy.Trade trade, Secrets.User user, Path socket, Consumer<GuardedDoor> onClose)
      throws IOException {
    this.trade = trade;
    this.user = user;
    this.socket = socket;
    this.onClose = onClose;
    this.ledger = new EgressLedger(trade.database(), trade.journal(), user);
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  void begin(@Nullable Integer uid) throws IOException {
    try {
      Files.deleteIfExists(socket);
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      if (uid != null) {
        Files.setAttribute(socket, "unix:uid", uid);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
    Thread.ofVirtual().name("egress-door").start(this::accept);
  }

  private void accept() {
    while (!closed.get()) {
      try {
        SocketChannel client = server.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (AsynchronousCloseException e) {
        return;
      } catch (IOException | RuntimeException e) {
        if (!closed.get()) {
          log.warn(
              "the way out of a sandbox is broken; its network is off until its next start", e);
        }
        return;
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      new ProxyConversation(trade, user, ledger, client, open.size()).hold();
    } catch (IOException e) {
      log.debug("a connection of a sandbox ended early", e);
    } catch (RuntimeException e) {
      if (!closed.get()) {
        log.warn("a request of a sandbox failed; others go on", e);
      }
    } finally {
      open.remove(client);
    }
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  /** Ends all connections, removes the socket and writes the sums to the journal. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    quietly(server::close);
    open.forEach(client -> quietly(client::close));
    endConversations();
    quietly(() -> Files.deleteIfExists(socket));
    ledger.close();
    onClose.accept(this);
  }

  /** Those that wait for an answer of the other side are interrupted, not waited for. */
  private void endConversations() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("a connection of a sandbox does not end; it is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Closing {
    void run() throws IOException;
  }

  private static void quietly(Closing closing) {
    try {
      closing.run();
    } catch (IOException e) {
      log.debug("something of a door was closed already", e);
    }
  }
}
