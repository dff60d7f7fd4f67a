package dev.rookery.egress;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.org",
        "//example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http:/example.org/",
        "http:example.org",
        "http:///example.org",
        " https://example.org/",
        "https://example.org/ ",
        "https://exa mple.org/",
        "https://example.org/a b",
        "https://example.org/\tb",
        "https://example.org/\r\nHost: x",
        "https://example.org/\u0000",
        "https://example.org\\@evil.test/",
        "https://example.org/\\..\\x",
        "https://ada@example.org/",
        "https://ada:pw@example.org/",
        "https://@example.org/",
        "https://example.org./",
        "https://.example.org/",
        "https://a..b/",
        "https://-a.org/",
        "https://a-.org/",
        "https://exa%6dple.org/",
        "https://example.org:/",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:+443/",
        "https://example.org:443:443/",
        "https://127.1/",
        "https://127.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.01/",
        "https://127.0.0.256/",
        "https://1.2.3.4.5/",
        "https://example.0x10/",
        "https://example.1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://example。org/",
        "https://example．org/",
        "https://straße.example/",
        "https://a\u200db.example/",
        "https://[::1/",
        "https://[::1%25eth0]/",
        "https://[::1%eth0]/",
        "https://[1.2.3.4]/",
        "https://[fe80::]x/",
        "https://a]b/",
        "https://127.0.0.1!/"
      })
  void what_parsers_read_differently_is_refused(String url) {
    refused("bad-url", () -> WebAddress.read(url));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.org, https://example.org/",
    "HTTPS://EXAMPLE.org:443/A?b=c#d, https://example.org/A",
    "http://example.org:80, http://example.org/",
    "https://example.org:8443/x, https://example.org:8443/x",
    "https://example.org?x, https://example.org/",
    "https://bücher.example/ä, https://xn--bcher-kva.example/%C3%A4",
    "https://[2001:DB8::1]/, https://[2001:db8:0:0:0:0:0:1]/",
    "https://[::ffff:8.8.8.8]/, https://8.8.8.8/",
    "https://example.org/a/./b/../c, https://example.org/a/c",
    "https://example.org/a/%2e%2E/c, https://example.org/c",
    "https://example.org/../../etc, https://example.org/etc",
    "https://example.org/a/.., https://example.org/",
    "https://my_host.example/{x}, https://my_host.example/%7Bx%7D"
  })
  void what_all_read_alike_is_read(String url, String shown) {
    assertThat(WebAddress.read(url)).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "/x?y, https://a.test/x?y",
    "x, https://a.test/dir/x",
    "?q, https://a.test/dir/page?q",
    "//b.test/x, https://b.test/x",
    "http://b.test/x, http://b.test/x",
    "../x, https://a.test/x"
  })
  void a_location_is_resolved(String location, String target) {
    WebAddress from = WebAddress.read("https://a.test/dir/page?old");
    assertThat(from.resolve(location)).isEqualTo(WebAddress.read(target));
  }

  @Test
  void a_location_is_read_as_strictly() {
    WebAddress from = WebAddress.read("https://a.test/");
    refused("bad-url", () -> from.resolve("file:///etc/passwd"));
    refused("bad-url", () -> from.resolve("https://ada@b.test/"));
    refused("bad-url", () -> from.resolve("/\\b.test"));
  }

  @Test
  void the_query_is_not_shown() {
    assertThat(WebAddress.read("https://a.test/?key=hunter2").toString()).doesNotContain("hunter2");
    assertThat(refused("bad-url", () -> WebAddress.read("https://u:hunter2@a.test/")))
        .hasMessageNotContaining("hunter2");
  }
}
