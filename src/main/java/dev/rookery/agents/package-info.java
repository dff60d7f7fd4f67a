/** Durable identities: who an agent is, what it is told and which model it uses. */
@NullMarked
package dev.rookery.agents;

import org.jspecify.annotations.NullMarked;
