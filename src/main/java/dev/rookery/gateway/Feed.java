package dev.rookery.gateway;

import dev.rookery.kernel.Refusal;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.streams.Item;
import dev.rookery.streams.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one socket watches: a subscription, and the thread that carries it to the client. */
final class Feed {
  private static final Logger log = LoggerFactory.getLogger(Feed.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int CHUNK_FRAMES = 256;
  private static final long PAUSE_MILLIS = 500;

  private final Subscription subscription;
  private final FrameWriter writer;
  private final Receiver receiver;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("gateway-feed").unstarted(this::run);

  /** Who takes it. */
  interface Receiver {
    /** False when the feed is not wanted any more. */
    boolean take(Feed from, List<byte[]> frames) throws InterruptedException;

    /** The feed has ended by itself. */
    void ended(Refusal why);

    void failed(RuntimeException why);
  }

  Feed(Subscription subscription, FrameWriter writer, Receiver receiver) {
    this.subscription = subscription;
    this.writer = writer;
    this.receiver = receiver;
  }

  void start() {
    thread.start();
  }

  /** Returns at once, from any thread. */
  void stop() {
    stopped.countDown();
    subscription.close();
    thread.interrupt();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void run() {
    try {
      boolean wanted = true;
      while (wanted && !isStopped()) {
        wanted = round();
      }
    } catch (InterruptedException e) {
      log.debug("a feed was stopped");
    } catch (Refusal e) {
      if (!isStopped()) {
        receiver.ended(e);
      }
    } catch (RuntimeException e) {
      if (!isStopped()) {
        receiver.failed(e);
      }
    } finally {
      subscription.close();
    }
  }

  /** The cursor stays where it is while the database is away. */
  private boolean round() throws InterruptedException {
    try {
      return carry(subscription.next(PATIENCE));
    } catch (StorageUnavailable e) {
      log.debug("the database is away; a feed waits for it", e);
      return !stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private boolean carry(List<Item> items) throws InterruptedException {
    List<byte[]> chunk = new ArrayList<>();
    int size = 0;
    for (Item item : items) {
      byte[] frame = writer.event(item);
      if (!chunk.isEmpty() && (size + frame.length > CHUNK_BYTES || chunk.size() == CHUNK_FRAMES)) {
        if (!receiver.take(this, List.copyOf(chunk))) {
          return false;
        }
        chunk.clear();
        size = 0;
      }
      chunk.add(frame);
      size += frame.length;
    }
    return chunk.isEmpty() || receiver.take(this, chunk);
  }
}
