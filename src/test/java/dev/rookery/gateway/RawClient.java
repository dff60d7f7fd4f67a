package dev.rookery.gateway;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client below the rules of WebSocket: it answers no ping and reads only when it is told to. */
final class RawClient implements AutoCloseable {
  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  private static final int MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /** What came: its code of operation and its payload. */
  @SuppressWarnings("ArrayRecordComponent")
  record Received(int opcode, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Of a close frame. */
    int code() {
      return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }
  }

  RawClient(URI server, int receiveBuffer) {
    try {
      socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setSoTimeout(MILLIS);
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = socket.getOutputStream();
      upgrade(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void upgrade(URI server) throws IOException {
    String request =
        """
        GET /ws HTTP/1.1\r
        Host: %s\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        \r
        """
            .formatted(server.getAuthority());
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    String line = line();
    if (!line.contains(" 101 ")) {
      throw new AssertionError(line);
    }
    while (!line.isEmpty()) {
      line = line();
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      line.append((char) b);
    }
    return line.toString().strip();
  }

  /** With a mask of zeros. */
  RawClient send(int opcode, byte[] payload) {
    try {
      out.write(0x80 | opcode);
      if (payload.length < 126) {
        out.write(0x80 | payload.length);
      } else {
        out.write(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8) {
          out.write((int) ((long) payload.length >> shift));
        }
      }
      out.write(new byte[4]);
      out.write(payload);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient send(String text) {
    return send(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The next frame; a broken connection reads as a close without a code. */
  Received receive() {
    try {
      int opcode = in.readUnsignedByte() & 0x0f;
      long length = in.readUnsignedByte() & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      byte[] payload = new byte[(int) length];
      in.readFully(payload);
      return new Received(opcode, payload);
    } catch (EOFException | SocketException e) {
      return new Received(CLOSE, new byte[] {1006 >> 8, (byte) 1006});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Received receive(int opcode) {
    Received received = receive();
    while (received.opcode() != opcode) {
      received = receive();
    }
    return received;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
