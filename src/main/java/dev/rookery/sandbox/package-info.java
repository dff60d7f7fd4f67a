/** The agent's own persistent file system and command executor. */
@NullMarked
package dev.rookery.sandbox;

import org.jspecify.annotations.NullMarked;
