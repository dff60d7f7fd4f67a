/** Schedules that agents make for themselves, within bounds, and the tools they make them with. */
@NullMarked
package dev.rookery.occurrences.own;

import org.jspecify.annotations.NullMarked;
