package dev.rookery.egress;

import java.net.IDN;
import java.net.InetAddress;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the host of a URL as the WHATWG URL standard does, and refuses every spelling on which
 * parsers disagree.
 */
final class HostReading {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
  private static final Pattern QUAD =
      Pattern.compile("((0|[1-9][0-9]{0,2})\\.){3}(0|[1-9][0-9]{0,2})");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

  /** Separators that some parsers take for dots, and letters that IDNA 2003 and 2008 map apart. */
  private static final Pattern CONTESTED = Pattern.compile("[。．｡ßς\u200c\u200d\u00ad]");

  private HostReading() {}

  /**
   * @param name lower case ASCII; of an address the canonical spelling, without brackets
   * @param literal the address it spells; null for a name
   */
  record Host(String name, @Nullable InetAddress literal) {}

  /** The host, or null when it is none or spelled in a way that is refused. */
  static @Nullable Host read(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      String inner = text.substring(1, text.length() - 1);
      return V6.matcher(inner).matches() && inner.contains(":") ? literal(inner) : null;
    }
    String ascii = ascii(text);
    if (ascii == null || ascii.isEmpty() || ascii.length() > 253) {
      return null;
    }
    String[] labels = ascii.split("\\.", -1);
    if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
      return QUAD.matcher(ascii).matches() ? literal(ascii) : null;
    }
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return null;
      }
    }
    return new Host(ascii, null);
  }

  private static @Nullable Host literal(String text) {
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      return new Host(address.getHostAddress(), address);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String ascii(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    boolean plain = lower.chars().allMatch(c -> c < 0x80);
    if (plain && !lower.contains("xn--")) {
      return lower;
    }
    if (CONTESTED.matcher(lower).find()
        || !Normalizer.normalize(lower, Normalizer.Form.NFKC).equals(lower)) {
      return null;
    }
    try {
      String ascii = IDN.toASCII(lower, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
      String back = IDN.toASCII(IDN.toUnicode(ascii), IDN.USE_STD3_ASCII_RULES);
      return back.equalsIgnoreCase(ascii) ? ascii : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
