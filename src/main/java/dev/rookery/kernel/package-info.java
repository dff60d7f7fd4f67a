/** The ground everything stands on: typed ids, JSON, digests, text, time and problems. */
@NullMarked
package dev.rookery.kernel;

import org.jspecify.annotations.NullMarked;
