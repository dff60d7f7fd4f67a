/** Who changed what: an append-only chain of hashes per organization, written with each change. */
@NullMarked
package dev.rookery.audit;

import org.jspecify.annotations.NullMarked;
