/** What agents may do: which tools they are granted and which they are denied. */
@NullMarked
package dev.rookery.policy;

import org.jspecify.annotations.NullMarked;
