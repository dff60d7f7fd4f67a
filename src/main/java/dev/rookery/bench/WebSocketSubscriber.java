package dev.rookery.bench;

import dev.rookery.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Follows the gateway, protocol 2 (docs/gateway.md), over WebSocket frames (RFC 6455). */
final class WebSocketSubscriber implements Subscriber {
  private static final byte[] SEQ = "\"seq\":".getBytes(StandardCharsets.US_ASCII);
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final AnswerLine answer = new AnswerLine("101");
  private final ByteArrayOutputStream control = new ByteArrayOutputStream(125);
  private byte[] connect = {};
  private boolean upgraded;
  private boolean following;
  private int headRead;
  private int opcode;
  private int lengthBytes;
  private long left;
  private int matched;
  private long seq;

  @Override
  public ByteBuffer opening(Stage stage) {
    var request = Json.object().put("type", "req").put("id", "1").put("method", "connect");
    request
        .putObject("params")
        .put("version", "2")
        .put("client", "bench")
        .put("device", "bench")
        .put("after", stage.after());
    connect = Json.write(request).getBytes(StandardCharsets.UTF_8);
    String upgrade =
        """
        GET /ws HTTP/1.1\r
        Host: %s\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: cm9va2VyeSBiZW5jaG1hcms=\r
        Authorization: Bearer %s\r
        \r
        """
            .formatted(stage.host(), stage.key());
    return ByteBuffer.wrap(upgrade.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public @Nullable ByteBuffer hear(ByteBuffer bytes, LongConsumer event) {
    ByteBuffer back = null;
    if (!upgraded && answer.read(bytes)) {
      upgraded = true;
      back = frame(TEXT, connect);
    }
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      boolean ends = inPayload() ? hearPayload(b) : hearHead(b);
      if (ends) {
        ByteBuffer reply = end(event);
        back = reply == null ? back : reply;
      }
    }
    return back;
  }

  private boolean inPayload() {
    return headRead >= 2 && headRead == 2 + lengthBytes;
  }

  /** Two bytes, then two or eight more for a long frame. True when the frame has no payload. */
  private boolean hearHead(byte b) {
    switch (headRead++) {
      case 0 -> opcode = b & 15;
      case 1 -> {
        int length = b & 127;
        lengthBytes = length == 126 ? 2 : length == 127 ? 8 : 0;
        left = lengthBytes == 0 ? length : 0;
      }
      default -> left = (left << 8) | (b & 255);
    }
    return inPayload() && left == 0;
  }

  private boolean hearPayload(byte b) {
    if (opcode >= CLOSE) {
      control.write(b);
    } else if (matched == SEQ.length) {
      if (b >= '0' && b <= '9') {
        seq = 10 * seq + b - '0';
      } else {
        matched++;
      }
    } else if (matched < SEQ.length) {
      matched = b == SEQ[matched] ? matched + 1 : b == SEQ[0] ? 1 : 0;
    }
    return --left == 0;
  }

  private @Nullable ByteBuffer end(LongConsumer event) {
    byte[] said = control.toByteArray();
    if (opcode == CLOSE) {
      throw new Mismatch(
          "The server closed a socket: " + new String(said, StandardCharsets.UTF_8).strip());
    }
    if (opcode == TEXT) {
      following = true;
      if (matched >= SEQ.length) {
        event.accept(seq);
      }
    }
    headRead = 0;
    matched = 0;
    seq = 0;
    control.reset();
    return opcode == PING ? frame(PONG, said) : null;
  }

  /** Clients mask what they send; a mask of zeros leaves it as it is. */
  private static ByteBuffer frame(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
    frame.put((byte) (128 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (128 | payload.length));
    } else {
      frame.put((byte) (128 | 126)).putShort((short) payload.length);
    }
    return frame.putInt(0).put(payload).flip();
  }

  @Override
  public boolean following() {
    return following;
  }
}
