package dev.rookery.approvals;

import dev.rookery.kernel.ApprovalId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer as the value of a button in a channel, at most 64 bytes: {@code
 * approval:apr_…:once|always|deny}.
 */
public record ChatAnswer(ApprovalId approval, Answer answer) {
  private static final Pattern SPELLING =
      Pattern.compile("approval:(apr_[0-9a-f]{32}):(once|always|deny)");

  static String spelled(ApprovalId approval, Answer answer) {
    String word =
        switch (answer) {
          case Answer.AllowOnce _ -> "once";
          case Answer.AllowAlways _ -> "always";
          case Answer.Deny _ -> "deny";
          case Answer.Edit _ -> throw new IllegalArgumentException("an edit fits no button");
        };
    return "approval:" + approval + ":" + word;
  }

  /** Empty when the value is not that of such a button. */
  public static Optional<ChatAnswer> parse(String value) {
    Matcher matcher = SPELLING.matcher(value);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Answer answer =
        switch (matcher.group(2)) {
          case "once" -> new Answer.AllowOnce();
          case "always" -> new Answer.AllowAlways();
          default -> new Answer.Deny("");
        };
    return Optional.of(new ChatAnswer(new ApprovalId(matcher.group(1)), answer));
  }
}
