package dev.rookery.egress;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpFieldTest {

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nHost: x", "a\nb", "a\rb", "a\0b", "a\u007fb", "\u4e2d"})
  void values_smuggle_no_lines(String value) {
    refused("bad-header", () -> new HttpField("X", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "ä", "a\0"})
  void names_are_tokens(String name) {
    refused("bad-header", () -> new HttpField(name, "v"));
  }

  @Test
  void a_request_cannot_write_the_frame_of_its_own_message() {
    WebAddress place = WebAddress.read("https://a.test/");
    for (String name : List.of("Host", "content-length", "Transfer-Encoding", "Connection")) {
      refused(
          "bad-header",
          () ->
              new GuardedRequest("GET", place, List.of(new HttpField(name, "x")), Payload.none()));
    }
    refused("bad-method", () -> new GuardedRequest("CONNECT", place, List.of(), Payload.none()));
    refused("bad-method", () -> new GuardedRequest("GET /", place, List.of(), Payload.none()));
    assertThat(new HttpField("Authorization", "hunter2").toString()).doesNotContain("hunter2");
  }
}
