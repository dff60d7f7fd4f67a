package dev.rookery.orgs;

import dev.rookery.kernel.Refusal;
import org.jspecify.annotations.Nullable;

/** Who may make whom what. Pure. */
final class MemberRules {
  private MemberRules() {}

  /**
   * Nobody raises anybody above himself, so only owners make owners.
   *
   * @throws Refusal {@code role-too-low}
   */
  static void requireMay(Role by, Role wanted) {
    if (!by.atLeast(wanted)) {
      throw new Refusal(
          Refusal.Kind.FORBIDDEN,
          "role-too-low",
          "With the role %s nobody is made %s; that needs the role %s or one above it."
              .formatted(by.spelled(), wanted.spelled(), wanted.spelled()));
    }
  }

  /**
   * Nobody changes or removes somebody who is above him, and the last owner stays.
   *
   * @param wanted the role after the change; null when the member is removed
   * @param owners how many there are now
   * @throws Refusal {@code role-too-low}, {@code last-owner}
   */
  static void requireMayChange(Role by, Member member, @Nullable Role wanted, int owners) {
    if (!by.atLeast(member.role())) {
      throw new Refusal(
          Refusal.Kind.FORBIDDEN,
          "role-too-low",
          "%s is %s; with the role %s nobody changes that. Ask an owner."
              .formatted(member.name(), member.role().spelled(), by.spelled()));
    }
    if (wanted != null) {
      requireMay(by, wanted);
    }
    if (member.role() == Role.OWNER && wanted != Role.OWNER && owners <= 1) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "last-owner",
          "%s is the last owner. Make somebody else an owner first: rookery members edit <member>"
                  .formatted(member.name())
              + " --role owner");
    }
  }

  /** A key may never do more than the member whose it is. */
  static Role effective(Role key, @Nullable Role member) {
    return member == null || member.atLeast(key) ? key : member;
  }
}
