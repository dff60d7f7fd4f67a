/** The clock of the house: every expected time of a schedule has exactly one verdict here. */
@NullMarked
package dev.rookery.occurrences;

import org.jspecify.annotations.NullMarked;
