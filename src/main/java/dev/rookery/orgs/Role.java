package dev.rookery.orgs;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Locale;

/** What a member or an API key may do; each role includes those after it. */
public enum Role {
  OWNER,
  ADMIN,
  OPERATOR,
  VIEWER;

  /** Whether this role may do what needs the other. */
  public boolean atLeast(Role needed) {
    return compareTo(needed) <= 0;
  }

  /** The spelling in the database, the journal and the API. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws Refusal {@code bad-role}
   */
  public static Role of(String spelled) {
    for (Role role : values()) {
      if (role.spelled().equals(spelled)) {
        return role;
      }
    }
    throw Refusal.badInput(
        "bad-role",
        "'%s' is not a role; use owner, admin, operator or viewer",
        Text.brief(spelled, 40));
  }
}
