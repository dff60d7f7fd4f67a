package dev.rookery.egress;

/**
 * What a tool needs to reach the web.
 *
 * @param secrets put into requests
 * @param networks say how far
 */
public record WayOut(GuardedClient client, SecretInjection secrets, NetworkPolicies networks) {}
