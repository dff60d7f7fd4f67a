package dev.rookery.bench;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One client's side of a streaming protocol. Parses bytes as they come and keeps none of them. */
interface Subscriber {
  /** What it says first. */
  ByteBuffer opening(Stage stage);

  /**
   * Takes all the bytes.
   *
   * @param event gets the number of each record that is complete
   * @return what is to be sent back, or null
   * @throws Mismatch when the server refuses it
   */
  @Nullable ByteBuffer hear(ByteBuffer bytes, LongConsumer event);

  /** Whether the server let it in. */
  boolean following();

  /**
   * Where and as whom.
   *
   * @param host with the port
   * @param after the last record that it has
   */
  record Stage(String host, String key, long after) {}
}
