/** Organizations, their members and roles, API keys and the one-time link of the first owner. */
@NullMarked
package dev.rookery.orgs;

import org.jspecify.annotations.NullMarked;
