/**
 * The calls of Linux, as they are: files below an open directory, processes, and their failures.
 */
@NullMarked
package dev.rookery.posix;

import org.jspecify.annotations.NullMarked;
