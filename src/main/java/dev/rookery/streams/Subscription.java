package dev.rookery.streams;

import java.time.Duration;
import java.util.List;

/**
 * One reader's place in the journal. It is a cursor, not a queue: a slow reader reads from the
 * database again and costs nobody anything. Used by one thread, closed by any.
 */
public interface Subscription extends AutoCloseable {
  /**
   * What comes next, in order: each record of the scope after the last one given exactly once, and
   * tokens while the reader keeps up. Empty when nothing came in time.
   *
   * @param patience how long to wait for the first item
   * @throws dev.rookery.kernel.Refusal {@code key-revoked}, {@code key-expired} or {@code
   *     role-too-low} within two seconds after the key lost its right; {@code stopping} when the
   *     node stops
   */
  List<Item> next(Duration patience) throws InterruptedException;

  /** The number up to which all records were given or do not belong to the scope. */
  long seen();

  /**
   * True once a run's stream gave the run's end and what was committed with it. Other scopes have
   * no end.
   */
  boolean over();

  @Override
  void close();
}
