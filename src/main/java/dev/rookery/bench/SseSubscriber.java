package dev.rookery.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Follows {@code GET /api/v1/stream}: chunks of HTTP, and in them lines of events. */
final class SseSubscriber implements Subscriber {
  private final AnswerLine answer = new AnswerLine("200");
  private boolean following;
  private int left;
  private int size = -1;
  private int lineLength;
  private byte field;
  private long id;

  @Override
  public ByteBuffer opening(Stage stage) {
    String request =
        """
        GET /api/v1/stream?tokens=false HTTP/1.1\r
        Host: %s\r
        Accept: text/event-stream\r
        Authorization: Bearer %s\r
        Last-Event-ID: %d\r
        \r
        """
            .formatted(stage.host(), stage.key(), stage.after());
    return ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public @Nullable ByteBuffer hear(ByteBuffer bytes, LongConsumer event) {
    following = answer.read(bytes);
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      if (left > 0) {
        left--;
        hear(b, event);
      } else {
        hearSize(b);
      }
    }
    return null;
  }

  /** {@code <hex>\r\n}, after the {@code \r\n} that ends the chunk before. */
  private void hearSize(byte b) {
    int digit = Character.digit(b, 16);
    if (digit >= 0) {
      size = 16 * Math.max(0, size) + digit;
    } else if (b == '\n' && size == 0) {
      throw new Mismatch("The server ended a stream.");
    } else if (b == '\n' && size > 0) {
      left = size;
      size = -1;
    }
  }

  private void hear(byte b, LongConsumer event) {
    if (b == '\n') {
      if (field == 'd' && lineLength > 0) {
        event.accept(id);
      }
      lineLength = 0;
      return;
    }
    if (lineLength == 0) {
      field = b;
      id = b == 'i' ? 0 : id;
    } else if (field == 'i' && b >= '0' && b <= '9') {
      id = 10 * id + b - '0';
    }
    lineLength++;
  }

  @Override
  public boolean following() {
    return following;
  }
}
