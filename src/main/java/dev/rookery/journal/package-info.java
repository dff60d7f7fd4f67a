/** The append-only record of what happened, numbered without gaps per organization. */
@NullMarked
package dev.rookery.journal;

import org.jspecify.annotations.NullMarked;
