/** What people look at across rooms: conversations, work items and resources, derived from rows. */
@NullMarked
package dev.rookery.overview;

import org.jspecify.annotations.NullMarked;
