package dev.rookery.models;

import dev.rookery.models.ModelSettings.TimeLimits;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response body that is read by blocking, with a limit between two pieces and one for the whole.
 * One piece is asked for at a time, so a slow reader slows the sender down.
 */
final class BodyQueue implements Transport.Body, HttpResponse.BodySubscriber<Void> {
  private sealed interface Item {
    record Head(HttpResponse.ResponseInfo info) implements Item {}

    record Piece(List<ByteBuffer> buffers) implements Item {}

    record End() implements Item {}

    record Broken(Throwable cause) implements Item {}

    record Cancelled() implements Item {}
  }

  private final Provider provider;
  private final TimeLimits limits;
  private final long deadline;
  private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private volatile Runnable onClose = () -> {};
  private volatile boolean cancelled;

  BodyQueue(Provider provider, TimeLimits limits) {
    this.provider = provider;
    this.limits = limits;
    this.deadline = System.nanoTime() + limits.total().toNanos();
  }

  HttpResponse.BodyHandler<Void> handler() {
    return info -> {
      items.add(new Item.Head(info));
      return this;
    };
  }

  void whenClosed(Runnable action) {
    onClose = action;
  }

  /** Waits for status and headers of the exchange. */
  HttpResponse.ResponseInfo head(CompletableFuture<?> exchange) {
    var _ =
        exchange.whenComplete(
            (_, error) -> {
              if (error != null) {
                Throwable cause = error.getCause() == null ? error : error.getCause();
                items.add(new Item.Broken(cause));
              }
            });
    return switch (take()) {
      case Item.Head(var info) -> info;
      case Item.Broken(var cause) -> throw LiveTransport.unreachable(provider, cause);
      case Item.Cancelled _ -> throw ModelFailure.cancelled();
      case Item.Piece _, Item.End _ -> throw new IllegalStateException("a body before its head");
    };
  }

  @Override
  public byte @Nullable [] next() {
    var _ = subscription.thenAccept(s -> s.request(1));
    return switch (take()) {
      case Item.Piece(var buffers) -> joined(buffers);
      case Item.End _ -> null;
      case Item.Broken(var cause) -> throw LiveTransport.unreachable(provider, cause);
      case Item.Cancelled _ -> throw ModelFailure.cancelled();
      case Item.Head _ -> throw new IllegalStateException("a second head");
    };
  }

  private Item take() {
    long left = deadline - System.nanoTime();
    long stall = limits.stall().toNanos();
    try {
      Item item = items.poll(Math.min(left, stall), TimeUnit.NANOSECONDS);
      if (cancelled) {
        return new Item.Cancelled();
      }
      if (item != null) {
        return item;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Item.Cancelled();
    }
    throw left < stall
        ? LiveTransport.late(provider, "did not finish its answer", limits.total())
        : LiveTransport.late(provider, "sent nothing", limits.stall());
  }

  /** Wakes the reader and closes the stream. From any thread. */
  void cancel() {
    cancelled = true;
    items.add(new Item.Cancelled());
    close();
  }

  @Override
  public void close() {
    var _ = subscription.thenAccept(Flow.Subscription::cancel);
    done.complete(null);
    onClose.run();
  }

  @Override
  public CompletionStage<Void> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    items.add(new Item.Piece(buffers));
  }

  private static byte[] joined(List<ByteBuffer> buffers) {
    byte[] bytes = new byte[buffers.stream().mapToInt(ByteBuffer::remaining).sum()];
    int at = 0;
    for (ByteBuffer buffer : buffers) {
      int size = buffer.remaining();
      buffer.get(bytes, at, size);
      at += size;
    }
    return bytes;
  }

  @Override
  public void onError(Throwable cause) {
    items.add(new Item.Broken(cause));
    done.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    items.add(new Item.End());
    done.complete(null);
  }
}
