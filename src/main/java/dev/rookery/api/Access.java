package dev.rookery.api;

import dev.rookery.orgs.Role;

/** Who may call a route. Every route has one; there is no default. */
sealed interface Access {
  /** Anybody; what guards it instead is said with the route. */
  record Open() implements Access {}

  /** An API key whose role includes this one. */
  record Key(Role role) implements Access {}

  /** Anybody on this machine, an API key of any role from elsewhere. */
  record Local() implements Access {}

  Access OPEN = new Open();
  Access LOCAL = new Local();
  Access VIEWER = new Key(Role.VIEWER);
  Access OPERATOR = new Key(Role.OPERATOR);
  Access ADMIN = new Key(Role.ADMIN);
}
