package dev.rookery.tools;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
  private static final ToolSpec SPEC =
      new ToolSpec("mail", "Sends mail.", Json.parse("{\"type\": \"object\"}"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.org",
        "ftp://example.org",
        "file:///etc/passwd",
        "http:///x",
        "http:x",
        "https://user@example.org/",
        "https://user:pw@example.org/",
        "https://example.org/#x",
        "http://exa mple.org",
        "http://[::1",
        "https://example.org:99999/",
        "jar:http://x!/y"
      })
  void a_url_that_is_not_plain_http_is_refused(String url) {
    refused("bad-url", () -> Endpoint.post(url));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://example.org", "HTTPS://example.org:8443/a?b=c", "http://[::1]/"})
  void plain_http_is_accepted(String url) {
    assertThat(Endpoint.post(url).method()).isEqualTo("POST");
  }

  @Test
  void user_info_is_not_repeated_in_the_refusal() {
    assertThat(refused("bad-url", () -> Endpoint.post("https://ada:hunter2@example.org/")))
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void methods_and_time_outs_have_limits() {
    var url = Endpoint.uri("https://example.org");
    Duration fine = Duration.ofSeconds(1);
    refused("bad-method", () -> new Endpoint(url, "GET", fine, null, false));
    refused("bad-timeout", () -> new Endpoint(url, "PUT", Duration.ZERO, null, false));
    refused("bad-timeout", () -> new Endpoint(url, "PUT", Duration.ofHours(1), null, false));
    refused("bad-url", () -> new Endpoint(url, "PUT", fine, Endpoint.uri("x"), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "content-length",
        "Content-Type",
        "Idempotency-Key",
        "X-Rookery-Run",
        "a b",
        "",
        "ä",
        "Transfer-Encoding"
      })
  void headers_that_are_ours_or_malformed_are_refused(String header) {
    refused("bad-header", () -> tool(Map.of(header, "v"), EffectClass.UNSAFE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\r\nX: y", "ä", "a\0"})
  void header_values_cannot_smuggle_lines(String value) {
    refused("bad-header", () -> tool(Map.of("Authorization", value), EffectClass.UNSAFE));
  }

  @Test
  void a_reconcilable_tool_must_say_where_to_look() {
    refused("lookup-url-missing", () -> tool(Map.of(), EffectClass.RECONCILABLE));
    assertThat(tool(Map.of("Authorization", "Bearer hunter2"), EffectClass.SANDBOX).toString())
        .doesNotContain("hunter2");
  }

  private static NewTool tool(Map<String, String> headers, EffectClass effectClass) {
    return new NewTool(SPEC, Endpoint.post("https://example.org"), headers, effectClass);
  }
}
