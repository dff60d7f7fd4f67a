package dev.rookery.tools;

import dev.rookery.kernel.Text;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads the first mebibyte of a response and then stops the transfer. */
final class CappedBody implements BodySubscriber<CappedBody.Body> {
  static final int READ = 1024 * 1024;
  static final int SHOWN = 64 * 1024;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Body> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  @Override
  public CompletionStage<Body> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription upstream) {
    this.subscription = upstream;
    upstream.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] chunk = new byte[Math.min(buffer.remaining(), READ + 1 - bytes.size())];
      buffer.get(chunk);
      bytes.writeBytes(chunk);
    }
    if (bytes.size() > READ && subscription != null) {
      subscription.cancel();
      onComplete();
    }
  }

  @Override
  public void onError(Throwable error) {
    body.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    body.complete(Body.of(bytes.toByteArray()));
  }

  /** The text of a response, as much of it as a model is shown, with a note where it was cut. */
  record Body(String text) {

    static Body of(byte[] bytes) {
      if (bytes.length <= SHOWN) {
        return new Body(decode(bytes, bytes.length));
      }
      String size = bytes.length > READ ? "more than 1 MiB" : bytes.length + " bytes";
      return new Body(
          decode(bytes, wholeCharacters(bytes, SHOWN))
              + "\n[cut: the first 64 KiB of "
              + size
              + " are shown]");
    }

    /** The largest end, at most {@code max}, that does not lie inside a UTF-8 sequence. */
    private static int wholeCharacters(byte[] bytes, int max) {
      int end = max;
      while (end > max - 4 && (bytes[end] & 0xc0) == 0x80) {
        end--;
      }
      return end;
    }

    private static String decode(byte[] bytes, int end) {
      return Text.clean(new String(bytes, 0, end, StandardCharsets.UTF_8));
    }
  }
}
