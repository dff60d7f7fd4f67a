/** Reads shell command lines, to see every command in them before anything runs. */
@NullMarked
package dev.rookery.policy.shell;

import org.jspecify.annotations.NullMarked;
