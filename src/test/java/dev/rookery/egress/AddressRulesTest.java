package dev.rookery.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "3fff:fff::1",
        "5f00::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1"
      })
  void special_addresses_are_not_public(String address) {
    assertThat(AddressRules.isPublic(bytes(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "203.0.112.255",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:4700::1111",
        "2a00::1",
        "3ffe::1",
        "64:ff9b::8.8.8.8"
      })
  void their_neighbours_are_public(String address) {
    assertThat(AddressRules.isPublic(bytes(address))).isTrue();
  }

  @Test
  void an_ipv4_address_in_ipv6_clothes_is_judged_as_what_it_is() {
    assertThat(AddressRules.isPublic(mapped("7f000001"))).isFalse();
    assertThat(AddressRules.isPublic(mapped("0a000001"))).isFalse();
    assertThat(AddressRules.isPublic(mapped("08080808"))).isTrue();
    assertThat(AddressRules.isPublic(new byte[3])).isFalse();
  }

  private static byte[] mapped(String v4) {
    return HexFormat.of().parseHex("00000000000000000000ffff" + v4);
  }

  private static byte[] bytes(String literal) {
    return InetAddress.ofLiteral(literal).getAddress();
  }

  /** For what the platform takes for a literal address, that is what it would connect to. */
  @Test
  void literal_addresses_of_the_corpus_are_judged_as_labelled() throws IOException {
    Path corpus =
        Path.of(
            System.getProperty("rookery.shared", "../shared"),
            "vectors/08-security/ssrf/ssrf-urls.json");
    assumeTrue(Files.exists(corpus), "vectors are not here");
    List<String> wrong = new ArrayList<>();
    int judged = 0;
    for (JsonNode row : Json.parse(Files.readAllBytes(corpus))) {
      String inet = row.path("java17").path("inet").asText("");
      if (!inet.isEmpty() && !inet.equals("null") && agreesWithBrowsers(row, inet)) {
        judged++;
        if (AddressRules.isPublic(bytes(inet)) == row.path("must_block").asBoolean()) {
          wrong.add(row.path("url").asText() + " " + inet + " " + row.path("class").asText());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(judged).isGreaterThan(25);
  }

  /** Other readings of the same text (octal, say) are not what would be connected to. */
  private static boolean agreesWithBrowsers(JsonNode row, String inet) {
    String host = row.path("whatwg_host").asText("").replaceAll("[\\[\\]]", "");
    try {
      return InetAddress.ofLiteral(host).equals(InetAddress.ofLiteral(inet));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
