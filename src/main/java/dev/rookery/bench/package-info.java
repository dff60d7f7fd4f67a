/** Benches: the speed and memory of the whole product, measured as a user would meet it. */
@NullMarked
package dev.rookery.bench;

import org.jspecify.annotations.NullMarked;
