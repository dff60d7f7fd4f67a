package dev.rookery.policy.shell;

import java.util.regex.Pattern;

/** Where input comes from or output goes to. */
public record Redirect(Kind kind, Word target) {
  private static final Pattern NO_FILE =
      Pattern.compile("/dev/(null|zero|stdin|stdout|stderr|tty|fd/\\d+)");

  /** What is done with the target. */
  public enum Kind {
    READ,
    WRITE,
    /** The input is written in the line itself. */
    TEXT
  }

  /** Whether a file is touched; descriptors, {@code /dev/null} and the like are none. */
  public boolean touchesFile() {
    return kind != Kind.TEXT && !(target.isLiteral() && NO_FILE.matcher(target.shape()).matches());
  }

  /** Whether bash would open a connection instead of a file. */
  public boolean connects() {
    return kind != Kind.TEXT
        && (target.shape().startsWith("/dev/tcp/") || target.shape().startsWith("/dev/udp/"));
  }
}
