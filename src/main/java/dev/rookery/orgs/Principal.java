package dev.rookery.orgs;

import dev.rookery.kernel.Actor;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: an API key of one organization, with its role.
 *
 * @param role what it may do now: never more than the role of its member
 * @param member whose key it is; null when it belongs to nobody
 */
public record Principal(
    OrgId org, KeyId key, String name, Role role, Scopes scopes, @Nullable MemberId member) {

  /** A key that belongs to nobody and may do all that its role may. */
  public Principal(OrgId org, KeyId key, String name, Role role) {
    this(org, key, name, role, Scopes.EVERYTHING, null);
  }

  /** As transactions and the audit log know it. */
  public Actor actor() {
    return new Actor.ApiKey(key, name, member);
  }

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

  /**
   * @param area the first segment of the path below /api/v1
   * @param looks whether the call changes nothing
   * @throws Refusal {@code scope-missing}, naming the scope that is needed
   */
  public void require(String area, boolean looks) {
    if (!scopes.allow(area, looks)) {
      throw missing(Scopes.needed(area, looks));
    }
  }

  /**
   * Nobody gives a key more than he has.
   *
   * @throws Refusal {@code role-too-low}, {@code scope-missing}
   */
  public void requireToGive(Role wanted, Scopes others) {
    require(wanted);
    if (!scopes.cover(others)) {
      throw missing(others.everything() ? "none at all" : String.join(" ", others.list()));
    }
  }

  private Refusal missing(String needed) {
    return new Refusal(
        Refusal.Kind.FORBIDDEN,
        "scope-missing",
        "API key '"
            + name
            + "' has the scopes "
            + String.join(" ", scopes.list())
            + "; this needs "
            + needed
            + ". Create such a key with: rookery keys create --scope");
  }
}
