package dev.rookery.schedules;

/**
 * Which local times are meant, whatever the clock of a place does to them. Local times are counted
 * as seconds since 1970-01-01T00:00 on a clock without time zone.
 */
interface LocalPattern {
  /** Later than every local time. */
  long NONE_AFTER = Long.MAX_VALUE;

  /** Earlier than every local time. */
  long NONE_BEFORE = Long.MIN_VALUE;

  /** The first that is meant, this one or later. */
  long atOrAfter(long local);

  /** The last that is meant, this one or earlier. */
  long atOrBefore(long local);
}
