/** Agents' own persistent homes, and the only place where commands of agents are started. */
@NullMarked
package dev.rookery.sandbox;

import org.jspecify.annotations.NullMarked;
