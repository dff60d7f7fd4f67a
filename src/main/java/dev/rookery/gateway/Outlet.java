package dev.rookery.gateway;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * The way out of one socket, for responses and events. There is no queue: whoever sends waits until
 * what was sent is taken, and the others wait for their turn.
 */
final class Outlet {
  private final CoreSession session;
  private final Duration patience;
  private final Runnable tooSlow;
  private final ReentrantLock turn = new ReentrantLock(true);

  /**
   * @param tooSlow what to do about a client that took nothing for so long
   */
  Outlet(CoreSession session, Duration patience, Runnable tooSlow) {
    this.session = session;
    this.patience = patience;
    this.tooSlow = tooSlow;
  }

  /**
   * Sends frames with as few writes as possible.
   *
   * @param frames asked for when it is their turn; none to send nothing
   * @return whether they were taken; false is no error, the socket is on its way to be closed
   */
  boolean send(Supplier<List<byte[]>> frames) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      List<byte[]> chosen = frames.get();
      return !chosen.isEmpty() && write(chosen);
    } finally {
      turn.unlock();
    }
  }

  private boolean write(List<byte[]> frames) throws InterruptedException {
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    Callback last = Callback.from(() -> taken.complete(true), _ -> taken.complete(false));
    for (int i = 0; i < frames.size(); i++) {
      boolean more = i < frames.size() - 1;
      Frame frame = new Frame(OpCode.TEXT, ByteBuffer.wrap(frames.get(i)));
      session.sendFrame(frame, more ? Callback.NOOP : last, more);
    }
    try {
      return taken.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      tooSlow.run();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing completes it like this", e);
    }
  }
}
