/** The whole house: one composition root wires every room by plain constructors. */
@NullMarked
package dev.rookery;

import org.jspecify.annotations.NullMarked;
