/** Commands of agents, and the only place where their processes are started, watched and ended. */
@NullMarked
package dev.rookery.sandbox;

import org.jspecify.annotations.NullMarked;
