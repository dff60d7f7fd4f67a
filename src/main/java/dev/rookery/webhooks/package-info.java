/** Inbound webhooks: a secret URL for each policy that says so, and who may knock there. */
@NullMarked
package dev.rookery.webhooks;

import org.jspecify.annotations.NullMarked;
