/** The homes of agents: where they lie and whose they are, the files in them, and their copies. */
@NullMarked
package dev.rookery.homes;

import org.jspecify.annotations.NullMarked;
