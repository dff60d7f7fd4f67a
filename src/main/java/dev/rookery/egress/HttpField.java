package dev.rookery.egress;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.regex.Pattern;

/**
 * One header. Refused as {@code bad-header} when it would smuggle a line or is none.
 *
 * @param name a token (RFC 9110), compared without case
 * @param value without CR, LF, NUL and other control characters
 */
public record HttpField(String name, String value) {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

  public HttpField {
    value = value.strip();
    boolean clean = value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff));
    if (!TOKEN.matcher(name).matches() || !clean || value.length() > 16_384) {
      throw Refusal.badInput(
          "bad-header",
          "The header '%s' cannot be sent: names are tokens, values are one line of text.",
          Text.brief(Text.clean(name), 64));
    }
  }

  public boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }

  /** The name only; a value may be secret. */
  @Override
  public String toString() {
    return "HttpField[" + name + "]";
  }
}
