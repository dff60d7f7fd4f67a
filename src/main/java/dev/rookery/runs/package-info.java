/**
 * Durable runs: a pure machine decides, an interpreter does, every step is a commit, any node may
 * continue.
 */
@NullMarked
package dev.rookery.runs;

import org.jspecify.annotations.NullMarked;
