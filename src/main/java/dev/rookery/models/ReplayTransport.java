package dev.rookery.models;

import dev.rookery.kernel.Refusal;
import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import dev.rookery.models.RecordedExchange.Asked;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves what was recorded, byte for byte, without a network. The nth equal request of this process
 * gets the nth recording, and the last one again when there are no more.
 */
final class ReplayTransport implements Transport {
  private final Path directory;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  ReplayTransport(Path directory) {
    this.directory = directory;
  }

  @Override
  public Reply send(Call call, Cancellation cancellation) {
    if (cancellation.cancelled()) {
      throw ModelFailure.cancelled();
    }
    Asked asked = Asked.of(call);
    int n = counts.merge(asked.sha256(), 1, Integer::sum);
    Path file = directory.resolve(RecordingTransport.fileName(asked.sha256(), n));
    while (n > 1 && !Files.exists(file)) {
      n--;
      file = directory.resolve(RecordingTransport.fileName(asked.sha256(), n));
    }
    RecordedExchange exchange = read(file, asked);
    return new Reply(
        exchange.status(), exchange.headers(), new Played(call.provider(), exchange, cancellation));
  }

  private RecordedExchange read(Path file, Asked asked) {
    if (!Files.exists(file)) {
      throw unusable(
          "There is no recorded exchange for this request to "
              + asked.provider()
              + asked.path()
              + ": "
              + file
              + " is missing. Record it with ROOKERY_MODEL_RECORD.");
    }
    try {
      return RecordedExchange.read(Files.readAllBytes(file));
    } catch (IOException | Refusal e) {
      throw unusable("The recorded exchange " + file + " cannot be read: " + e.getMessage());
    }
  }

  private static ModelFailure unusable(String message) {
    return new ModelFailure(Reason.BAD_OUTPUT, Bearing.REJECTED, message, null);
  }

  private static final class Played implements Body {
    private final Provider provider;
    private final boolean complete;
    private final Iterator<byte[]> chunks;
    private final Cancellation cancellation;

    Played(Provider provider, RecordedExchange exchange, Cancellation cancellation) {
      this.provider = provider;
      this.complete = exchange.complete();
      this.chunks = exchange.chunks().iterator();
      this.cancellation = cancellation;
    }

    @Override
    public byte @Nullable [] next() {
      if (cancellation.cancelled()) {
        throw ModelFailure.cancelled();
      }
      if (chunks.hasNext()) {
        return chunks.next();
      }
      if (!complete) {
        throw LiveTransport.unreachable(provider, new EOFException());
      }
      return null;
    }

    @Override
    public void close() {}
  }
}
