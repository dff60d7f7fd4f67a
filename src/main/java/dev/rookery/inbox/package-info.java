/**
 * Where everything that may wake an agent comes in: verified, deduplicated, committed, then
 * acknowledged.
 */
@NullMarked
package dev.rookery.inbox;

import org.jspecify.annotations.NullMarked;
