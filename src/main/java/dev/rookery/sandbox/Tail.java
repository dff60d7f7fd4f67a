package dev.rookery.sandbox;

/**
 * The end of a file.
 *
 * @param size of the whole file
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record Tail(byte[] bytes, long size) {
  static final Tail EMPTY = new Tail(new byte[0], 0);

  public Tail {
    bytes = bytes.clone();
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  /** For a model: cleaned, with a note when it is not the whole. */
  public String text() {
    return OutputTail.tail(bytes, size);
  }
}
