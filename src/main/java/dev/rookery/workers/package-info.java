/** Workers: the child runs that runs delegate to, and the registry that knows them. */
@NullMarked
package dev.rookery.workers;

import org.jspecify.annotations.NullMarked;
