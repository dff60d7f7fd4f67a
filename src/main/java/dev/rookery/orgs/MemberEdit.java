package dev.rookery.orgs;

import org.jspecify.annotations.Nullable;

/** What of a member shall change; null leaves it as it is. */
public record MemberEdit(@Nullable String name, @Nullable Role role) {}
