/** The command line: every command of {@code rookery}, and where the process begins. */
@NullMarked
package dev.rookery.cli;

import org.jspecify.annotations.NullMarked;
