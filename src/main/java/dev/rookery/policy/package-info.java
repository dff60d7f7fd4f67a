/** What agents may do: rules on tools and what their calls touch, and the decision on a call. */
@NullMarked
package dev.rookery.policy;

import org.jspecify.annotations.NullMarked;
