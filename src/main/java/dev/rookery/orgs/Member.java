package dev.rookery.orgs;

import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Locale;

/** A person of an organization. {@code createdAt} is in epoch milliseconds. */
public record Member(OrgId org, MemberId id, String name, String email, Role role, long createdAt) {

  /**
   * Who shall become a member. The e-mail is compared in lower case. Refused as {@code bad-name} or
   * {@code bad-email}.
   */
  public record Person(String name, String email) {
    private static final int MAX = 200;

    public Person {
      name = Text.clean(name).strip();
      email = Text.clean(email).strip().toLowerCase(Locale.ROOT);
      if (name.isEmpty() || name.length() > MAX) {
        throw Refusal.badInput("bad-name", "The name of a member has 1 to 200 characters.");
      }
      int at = email.indexOf('@');
      if (at < 1
          || at != email.lastIndexOf('@')
          || at == email.length() - 1
          || email.length() > MAX
          || email.chars().anyMatch(Character::isWhitespace)) {
        throw Refusal.badInput(
            "bad-email", "'%s' is not an e-mail address.", Text.brief(email, 60));
      }
    }
  }
}
