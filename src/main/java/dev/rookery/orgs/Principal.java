package dev.rookery.orgs;

import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;

/** Who asks: an API key of one organization, with its role. */
public record Principal(OrgId org, KeyId key, String name, Role role) {

  /**
   * @throws Refusal {@code role-too-low}, naming the role that is needed
   */
  public void require(Role needed) {
    if (!role.atLeast(needed)) {
      throw new Refusal(
          Refusal.Kind.FORBIDDEN,
          "role-too-low",
          "API key '"
              + name
              + "' has the role "
              + role.spelled()
              + "; this needs "
              + needed.spelled()
              + ". Create such a key with: rookery keys create");
    }
  }
}
