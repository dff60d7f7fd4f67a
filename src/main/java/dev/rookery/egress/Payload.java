package dev.rookery.egress;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The body of a request: none, bytes, or a stream that is read once. */
public sealed interface Payload {
  /** A request without a body. */
  static Payload none() {
    return new None();
  }

  record None() implements Payload {}

  /** Known in full; the bytes are handed over, not copied. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] bytes) implements Payload {}

  /**
   * Passed through.
   *
   * @param length in bytes; negative when unknown, then it is sent in chunks
   */
  record Stream(InputStream in, long length) implements Payload {}

  /** The bytes, when they are known in full. */
  default byte @Nullable [] known() {
    return this instanceof Bytes(var bytes) ? bytes : null;
  }
}
