/** Durable requests to a person to allow one exact tool call, and what was answered. */
@NullMarked
package dev.rookery.approvals;

import org.jspecify.annotations.NullMarked;
