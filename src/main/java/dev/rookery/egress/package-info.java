/** The only way out for tools and sandboxes: vetted addresses, network rules, secrets put in. */
@NullMarked
package dev.rookery.egress;

import org.jspecify.annotations.NullMarked;
