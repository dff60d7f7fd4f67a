package dev.rookery.egress;

import java.util.HexFormat;
import java.util.List;

/**
 * Which addresses are on the public internet. By bytes and by our own table (IANA special-purpose
 * registries, RFC 6890 and successors), because the platform's predicates know only a few ranges.
 */
final class AddressRules {
  /** Prefix bytes in hex and length in bits; the rest of IPv4 is public. */
  private static final List<Range> SPECIAL_V4 =
      List.of(
          range("00000000", 8), // this host, RFC 791
          range("0a000000", 8), // private, RFC 1918
          range("64400000", 10), // carrier-grade NAT, RFC 6598
          range("7f000000", 8), // loopback
          range("a9fe0000", 16), // link-local, cloud metadata
          range("ac100000", 12), // private
          range("c0000000", 24), // IETF protocol assignments
          range("c0000200", 24), // TEST-NET-1
          range("c0586300", 24), // 6to4 relay, deprecated
          range("c01fc400", 24), // AS112
          range("c034c100", 24), // AMT
          range("c0a80000", 16), // private
          range("c0af3000", 24), // AS112, direct delegation
          range("c6120000", 15), // benchmarking
          range("c6336400", 24), // TEST-NET-2
          range("cb007100", 24), // TEST-NET-3
          range("e0000000", 4), // multicast
          range("f0000000", 4)); // reserved, broadcast

  private static final Range GLOBAL_V6 = range("20000000000000000000000000000000", 3);

  /** Exceptions within global unicast. */
  private static final List<Range> SPECIAL_V6 =
      List.of(
          range("20010000000000000000000000000000", 23), // protocol assignments: Teredo, ORCHID …
          range("20010db8000000000000000000000000", 32), // documentation
          range("20020000000000000000000000000000", 16), // 6to4, embeds IPv4
          range("2620004f800000000000000000000000", 48), // AS112, direct delegation
          range("3fff0000000000000000000000000000", 20)); // documentation

  private static final Range MAPPED_V4 = range("00000000000000000000ffff00000000", 96);

  /** RFC 6052; the local-use prefix 64:ff9b:1::/48 (RFC 8215) is outside of it, and not public. */
  private static final Range NAT64 = range("0064ff9b000000000000000000000000", 96);

  private AddressRules() {}

  /** Whether the address (4 or 16 bytes, network order) is on the public internet. */
  static boolean isPublic(byte[] address) {
    if (address.length == 4) {
      return SPECIAL_V4.stream().noneMatch(range -> range.holds(address));
    }
    if (address.length != 16) {
      return false;
    }
    if (MAPPED_V4.holds(address) || NAT64.holds(address)) {
      return isPublic(new byte[] {address[12], address[13], address[14], address[15]});
    }
    return GLOBAL_V6.holds(address) && SPECIAL_V6.stream().noneMatch(range -> range.holds(address));
  }

  private static Range range(String hex, int bits) {
    return new Range(HexFormat.of().parseHex(hex), bits);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Range(byte[] prefix, int bits) {
    boolean holds(byte[] address) {
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != prefix[i]) {
          return false;
        }
      }
      int rest = bits % 8;
      int mask = 0xff << (8 - rest) & 0xff;
      return rest == 0 || (address[whole] & mask) == (prefix[whole] & mask);
    }
  }
}
