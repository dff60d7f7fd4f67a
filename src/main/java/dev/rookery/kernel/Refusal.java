package dev.rookery.kernel;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;

/**
 * A request that is refused because of what was asked. It changes nothing and becomes RFC 9457
 * problem details at the edge.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal; each maps to one HTTP status and one CLI exit code. */
  public enum Kind {
    BAD_INPUT(400),
    UNAUTHENTICATED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    CONFLICT(409),
    GONE(410),
    TOO_LARGE(413),
    TOO_MANY(429),
    UNAVAILABLE(503);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final Kind kind;
  private final String code;
  private final String sentence;

  public Refusal(Kind kind, String code, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.code = code;
    this.sentence = message;
  }

  @Override
  public String getMessage() {
    return sentence;
  }

  public Kind kind() {
    return kind;
  }

  /** Stable kebab-case code, for programs. */
  public String code() {
    return code;
  }

  @FormatMethod
  public static Refusal badInput(String code, @FormatString String message, Object... args) {
    return new Refusal(Kind.BAD_INPUT, code, String.format(message, args));
  }

  public static Refusal notFound(String what, String id) {
    String plural = what.equals("policy") ? "policies" : what + "s";
    return new Refusal(
        Kind.NOT_FOUND,
        what + "-not-found",
        "There is no "
            + what
            + " '"
            + Text.brief(id, 80)
            + "'. List them with: rookery "
            + plural
            + " list");
  }
}
