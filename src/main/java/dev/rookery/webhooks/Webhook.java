package dev.rookery.webhooks;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import org.jspecify.annotations.Nullable;

/**
 * The door of one policy.
 *
 * @param tokenSha256 of the token of its URL; null while none was given out
 * @param sealed the signing secret in its envelope; null for none
 * @param rotatedAt when the token was last made, epoch milliseconds; 0 for never
 */
record Webhook(
    OrgId org,
    PolicyId policy,
    @Nullable String tokenSha256,
    @Nullable String sealed,
    long createdAt,
    long rotatedAt) {}
