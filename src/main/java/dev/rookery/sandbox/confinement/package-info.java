/** The tiers that confine a process, and how each starts one. */
@NullMarked
package dev.rookery.sandbox.confinement;

import org.jspecify.annotations.NullMarked;
