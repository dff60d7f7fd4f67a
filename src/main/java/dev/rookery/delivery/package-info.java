/** Where everything that is said leaves: the outbox, one message in flight per conversation. */
@NullMarked
package dev.rookery.delivery;

import org.jspecify.annotations.NullMarked;
