package dev.rookery.streams;

import dev.rookery.journal.JournalRecord;
import dev.rookery.runs.TokenDelta;

/** What a subscription gives. */
public sealed interface Item {
  /**
   * A journal record.
   *
   * @param json UTF-8, as {@link JournalJson} renders it; shared by all readers, never to be
   *     changed
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(JournalRecord record, byte[] json) implements Item {}

  /** Words of a model as they come. Live only: without a number, and not kept. */
  record Token(TokenDelta delta) implements Item {}
}
