/** Running a node: settings, the data directory, background loops, metrics and health. */
@NullMarked
package dev.rookery.ops;

import org.jspecify.annotations.NullMarked;
