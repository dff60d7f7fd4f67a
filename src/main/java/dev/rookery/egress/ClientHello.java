package dev.rookery.egress;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a TLS connection (RFC 8446, 4.1.2), read as far as the name that it asks
 * for.
 *
 * @param bytes as they came, to be passed on
 * @param serverName lower case; null when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ClientHello(byte[] bytes, @Nullable String serverName) {
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int LONGEST = 65_536;

  /**
   * @throws IOException when what comes is no TLS, or the connection ends
   */
  static ClientHello read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (!complete(message)) {
      byte[] header = new byte[5];
      data.readFully(header);
      int length = ((header[3] & 0xff) << 8) | (header[4] & 0xff);
      if (header[0] != HANDSHAKE || header[1] != 3 || length == 0 || length > 16_640) {
        throw new IOException("what was sent through the tunnel is no TLS");
      }
      byte[] fragment = new byte[length];
      data.readFully(fragment);
      raw.writeBytes(header);
      raw.writeBytes(fragment);
      message.writeBytes(fragment);
      if (message.size() > LONGEST || message.toByteArray()[0] != CLIENT_HELLO) {
        throw new IOException("what was sent through the tunnel is no TLS");
      }
    }
    try {
      return new ClientHello(raw.toByteArray(), serverName(ByteBuffer.wrap(message.toByteArray())));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("the TLS greeting cannot be read");
    }
  }

  private static boolean complete(ByteArrayOutputStream message) {
    byte[] bytes = message.toByteArray();
    if (bytes.length < 4) {
      return false;
    }
    int length = ((bytes[1] & 0xff) << 16) | ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
    return bytes.length >= 4 + length;
  }

  private static @Nullable String serverName(ByteBuffer message) {
    message.position(4 + 2 + 32);
    skip(message, message.get() & 0xff);
    skip(message, message.getShort() & 0xffff);
    skip(message, message.get() & 0xff);
    if (!message.hasRemaining()) {
      return null;
    }
    int end = message.position() + 2 + (message.getShort() & 0xffff);
    while (message.position() < end) {
      int type = message.getShort() & 0xffff;
      int length = message.getShort() & 0xffff;
      if (type != 0) {
        skip(message, length);
      } else {
        message.getShort();
        int kind = message.get();
        byte[] name = new byte[message.getShort() & 0xffff];
        message.get(name);
        return kind == 0
            ? new String(name, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT)
            : null;
      }
    }
    return null;
  }

  private static void skip(ByteBuffer message, int count) {
    message.position(message.position() + count);
  }
}
