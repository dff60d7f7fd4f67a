package dev.rookery.gateway;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.exceptions.MessageTooLargeException;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket: how it opens, lives and ends. What is said in it is the {@link Dialogue}. Public
 * because Jetty calls it through method handles.
 */
public final class Link implements Session.Listener.AutoDemanding {
  private static final Logger log = LoggerFactory.getLogger(Link.class);
  private static final Duration FAREWELL = Duration.ofSeconds(1);
  private static final int REASON = 100;

  private final Register register;
  private final Limits limits;
  private final Dialogue dialogue;
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private volatile @Nullable WebSocketSession session;
  private volatile long openedAt;
  private volatile long heardAt;
  private volatile long pingedAt;
  private volatile long endedAt;

  /** Where open sockets are kept and ends are counted. */
  interface Register {
    /** False when nobody may come any more. */
    boolean enter(Link link);

    void leave(Link link);

    void count(Ending ending);
  }

  /**
   * @param key recognised with the upgrade, if one came with it
   */
  Link(Office office, Register register, @Nullable String key) {
    this.register = register;
    this.limits = office.limits();
    this.dialogue = new Dialogue(office, this, key);
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    WebSocketSession mine = (WebSocketSession) opened;
    mine.setIdleTimeout(Duration.ZERO); // pings tell more
    mine.setMaxTextMessageSize(Limits.STRANGER_BYTES);
    openedAt = System.nanoTime();
    heardAt = openedAt;
    pingedAt = openedAt;
    session = mine;
    dialogue.open(new Outlet(mine.getCoreSession(), limits.takeWithin(), () -> end(Ending.SLOW)));
    if (!register.enter(this)) {
      end(Ending.STOPPING);
    }
  }

  @Override
  public void onWebSocketText(String text) {
    heard();
    if (ended()) {
      return;
    }
    try {
      dialogue.hear(text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    callback.succeed();
    end(Ending.PROTOCOL, "binary frames mean nothing here");
  }

  @Override
  public void onWebSocketPing(ByteBuffer payload) {
    heard();
    WebSocketSession mine = session;
    if (mine != null) {
      mine.sendPong(payload, Callback.NOOP);
    }
  }

  @Override
  public void onWebSocketPong(ByteBuffer payload) {
    heard();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    log.debug("a socket broke", cause);
    if (cause instanceof MessageTooLargeException) {
      note(Ending.FRAME);
    }
  }

  @Override
  public void onWebSocketClose(int code, String reason, Callback callback) {
    note(Ending.CLIENT);
    dialogue.stop();
    register.leave(this);
    callback.succeed();
  }

  private void heard() {
    heardAt = System.nanoTime();
  }

  /** The client said who it is. */
  void welcome() {
    WebSocketSession mine = session;
    if (mine != null) {
      mine.setMaxTextMessageSize(limits.frameBytes());
    }
  }

  boolean ended() {
    return ending.get() != null;
  }

  /** False when it has ended before. */
  private boolean note(Ending why) {
    boolean first = ending.compareAndSet(null, why);
    if (first) {
      endedAt = System.nanoTime();
      register.count(why);
    }
    return first;
  }

  void end(Ending why) {
    end(why, why.reason());
  }

  /** Tells the client why and closes, once. Never blocks. */
  void end(Ending why, String reason) {
    if (note(why)) {
      dialogue.stop();
      WebSocketSession mine = session;
      if (mine != null) {
        mine.close(why.code(), Text.brief(reason, REASON), Callback.NOOP);
      }
    }
  }

  /** Ends when the refusal leaves the socket no right to go on. */
  void endIfLost(Refusal why) {
    switch (why.kind()) {
      case UNAUTHENTICATED -> end(Ending.KEY, why.code() + ": use another API key");
      case FORBIDDEN -> end(Ending.ROLE, why.code() + ": use another API key");
      case BAD_INPUT, NOT_FOUND, CONFLICT, GONE, TOO_LARGE, TOO_MANY, UNAVAILABLE -> {}
    }
  }

  void fail(RuntimeException why) {
    log.error("a socket failed inside; it is closed with 1011", why);
    end(Ending.FAULT);
  }

  /** Looks after what the client does not do. Never blocks. */
  void tick() {
    long now = System.nanoTime();
    WebSocketSession mine = session;
    if (mine == null) {
      return;
    }
    if (ended()) {
      if (passed(now, endedAt, FAREWELL)) {
        mine.disconnect();
      }
    } else if (passed(now, heardAt, limits.silence())) {
      end(Ending.SILENT);
    } else if (!dialogue.connected() && passed(now, openedAt, limits.connectWithin())) {
      end(Ending.PROTOCOL, "no connect came in time");
    } else if (passed(now, pingedAt, limits.pingEvery())) {
      pingedAt = now;
      mine.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }
  }

  private static boolean passed(long now, long since, Duration time) {
    return now - since >= time.toNanos();
  }

  /** Without another word. */
  void drop() {
    WebSocketSession mine = session;
    if (mine != null) {
      mine.disconnect();
    }
  }
}
