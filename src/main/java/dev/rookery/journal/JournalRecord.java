package dev.rookery.journal;

/**
 * Something that happened.
 *
 * @param seq 1, 2, 3 … per organization, without gaps; a reader that saw n misses nothing by asking
 *     for what is after n
 * @param at epoch milliseconds of the database clock
 */
public record JournalRecord(long seq, long at, JournalEntry entry) {}
