package dev.rookery.sandbox;

/** Takes what a command writes to its two outputs, in the order in which it was written. */
public interface OutputSink {
  OutputSink NOWHERE = (_, _) -> {};

  /**
   * The next bytes, from the start of the array. Called from one thread; the array is used again
   * afterwards. The command waits while this does, so it is quick.
   */
  void write(byte[] bytes, int length);
}
