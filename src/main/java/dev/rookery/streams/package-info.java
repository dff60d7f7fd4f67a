/** Live views: the journal of an organization and what its models say, to any number of readers. */
@NullMarked
package dev.rookery.streams;

import org.jspecify.annotations.NullMarked;
