package dev.rookery.secrets;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds values in bytes, in every form in which a server may say them. */
final class SecretPatterns {
  /** Two escaped characters at least; a decision on less would miss a value at a border. */
  private static final int LOOKAHEAD = 2 * EscapedByte.LONGEST;

  private final Pattern[][] byFirstTwo = new Pattern[1 << 16][];

  /** One bit for each of the pairs above, small enough for the fastest memory. */
  private final long[] present = new long[1 << 10];

  private final boolean none;

  /**
   * @param folded whether line breaks within do not count, as in base64 of a mail
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pattern(byte[] bytes, boolean folded, byte[] shown) {}

  SecretPatterns(List<SecretValue> values) {
    this.none = values.isEmpty();
    values.forEach(this::enter);
  }

  boolean none() {
    return none;
  }

  private void enter(SecretValue secret) {
    byte[] shown = secret.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] value = secret.reveal().getBytes(StandardCharsets.US_ASCII);
    enter(new Pattern(value, false, shown));
    enter(new Pattern(secret.reveal().getBytes(StandardCharsets.UTF_16LE), false, shown));
    enter(new Pattern(secret.reveal().getBytes(StandardCharsets.UTF_16BE), false, shown));
    String hex = HexFormat.of().formatHex(value);
    Set<String> encoded = new HashSet<>(List.of(hex, hex.toUpperCase(Locale.ROOT)));
    for (int shift = 0; shift < 3; shift++) {
      encoded.add(base64(Base64.getEncoder(), value, shift));
      encoded.add(base64(Base64.getUrlEncoder(), value, shift));
    }
    for (String form : encoded) {
      enter(new Pattern(form.getBytes(StandardCharsets.US_ASCII), true, shown));
    }
  }

  /** The characters that are the same whatever stands before and after the value. */
  private static String base64(Base64.Encoder encoder, byte[] value, int shift) {
    byte[] shifted = new byte[value.length + shift];
    System.arraycopy(value, 0, shifted, shift, value.length);
    String whole = encoder.withoutPadding().encodeToString(shifted);
    int from = (shift * 8 + 5) / 6;
    return whole.substring(from, shifted.length * 8 / 6);
  }

  private void enter(Pattern pattern) {
    int key = key(pattern.bytes()[0], pattern.bytes()[1]);
    List<Pattern> entered =
        new ArrayList<>(byFirstTwo[key] == null ? List.of() : List.of(byFirstTwo[key]));
    entered.add(pattern);
    entered.sort((a, b) -> Integer.compare(b.bytes().length, a.bytes().length));
    byFirstTwo[key] = entered.toArray(Pattern[]::new);
    present[key >> 6] |= 1L << key;
  }

  private static int key(int first, int second) {
    return ((first & 0xff) << 8) | (second & 0xff);
  }

  /**
   * Copies bytes, with names in place of values.
   *
   * @param last whether nothing follows; otherwise the end is left for when more is there
   * @return how many bytes were dealt with
   */
  int copy(byte[] bytes, int end, boolean last, ByteArrayOutputStream to) {
    Scan scan = new Scan(bytes, end, last);
    int at = 0;
    int plainFrom = 0;
    int stop = last ? end : end - LOOKAHEAD;
    while (at < stop) {
      if (beginsNothing(bytes, at, end)) {
        at++;
        continue;
      }
      Pattern found = scan.at(at);
      if (scan.undecided) {
        break;
      }
      if (found == null) {
        at++;
      } else {
        to.write(bytes, plainFrom, at - plainFrom);
        to.writeBytes(found.shown());
        at = scan.foundEnd;
        plainFrom = at;
      }
    }
    to.write(bytes, plainFrom, at - plainFrom);
    return at;
  }

  /** The quick no for nearly every byte. */
  private boolean beginsNothing(byte[] bytes, int at, int end) {
    if (at + 1 >= end) {
      return false;
    }
    byte first = bytes[at];
    byte second = bytes[at + 1];
    int key = key(first, second);
    return (present[key >> 6] & (1L << key)) == 0
        && !EscapedByte.begins(first)
        && !EscapedByte.begins(second)
        && second != '\r'
        && second != '\n';
  }

  /** One look at a buffer. */
  private final class Scan {
    private final byte[] bytes;
    private final int end;
    private final boolean last;
    private boolean undecided;
    private int foundEnd;

    Scan(byte[] bytes, int end, boolean last) {
      this.bytes = bytes;
      this.end = end;
      this.last = last;
    }

    @Nullable Pattern at(int at) {
      undecided = false;
      byte first = bytes[at];
      if (EscapedByte.begins(first)) {
        int escaped = EscapedByte.read(bytes, at, end);
        if (escaped >= 0) {
          Pattern found = after(EscapedByte.value(escaped), at, EscapedByte.length(escaped));
          if (found != null || undecided) {
            return found;
          }
        }
      }
      return after(first & 0xff, at, 1);
    }

    private @Nullable Pattern after(int first, int at, int length) {
      int next = at + length;
      while (next < end && (bytes[next] == '\r' || bytes[next] == '\n')) {
        next++;
      }
      if (next >= end) {
        undecided = !last;
        return null;
      }
      if (EscapedByte.begins(bytes[next])) {
        int escaped = EscapedByte.read(bytes, next, end);
        if (escaped >= 0) {
          Pattern found = among(byFirstTwo[key(first, EscapedByte.value(escaped))], at);
          if (found != null || undecided) {
            return found;
          }
        }
        Pattern space = bytes[next] == '+' ? among(byFirstTwo[key(first, ' ')], at) : null;
        if (space != null || undecided) {
          return space;
        }
      }
      return among(byFirstTwo[key(first, bytes[next])], at);
    }

    private @Nullable Pattern among(Pattern @Nullable [] candidates, int at) {
      if (candidates == null) {
        return null;
      }
      for (Pattern pattern : candidates) {
        if (matches(pattern, 0, at)) {
          return pattern;
        }
        if (undecided) {
          return null;
        }
      }
      return null;
    }

    private boolean matches(Pattern pattern, int from, int start) {
      byte[] wanted = pattern.bytes();
      int at = start;
      for (int i = from; i < wanted.length; i++) {
        if (at < end && EscapedByte.begins(bytes[at]) && escapedMatches(pattern, i, at)) {
          return true;
        }
        if (undecided) {
          return false;
        }
        while (pattern.folded() && i > 0 && at < end && lineBreak(at) > 0) {
          at += lineBreak(at);
        }
        if (at >= end || (!last && mayBeCut(at))) {
          undecided = !last;
          return false;
        }
        if (bytes[at] != wanted[i]) {
          return false;
        }
        at++;
      }
      foundEnd = at;
      return true;
    }

    private boolean mayBeCut(int at) {
      return EscapedByte.begins(bytes[at]) && at > end - EscapedByte.LONGEST;
    }

    private boolean escapedMatches(Pattern pattern, int i, int at) {
      int wanted = pattern.bytes()[i] & 0xff;
      int escaped = EscapedByte.read(bytes, at, end);
      if (escaped >= 0 && EscapedByte.value(escaped) == wanted) {
        return matches(pattern, i + 1, at + EscapedByte.length(escaped));
      }
      return bytes[at] == '+' && wanted == ' ' && matches(pattern, i + 1, at + 1);
    }

    /** The length of a line break here, also of one that JSON escapes; 0 when there is none. */
    private int lineBreak(int at) {
      if (bytes[at] == '\r' || bytes[at] == '\n') {
        return 1;
      }
      boolean escaped =
          bytes[at] == '\\' && at + 1 < end && (bytes[at + 1] == 'n' || bytes[at + 1] == 'r');
      return escaped ? 2 : 0;
    }
  }
}
