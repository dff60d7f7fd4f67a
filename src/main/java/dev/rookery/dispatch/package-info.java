/**
 * The one dispatcher: an accepted event becomes stored decisions and queued runs, in one
 * transaction.
 */
@NullMarked
package dev.rookery.dispatch;

import org.jspecify.annotations.NullMarked;
