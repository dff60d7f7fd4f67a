package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginRulesTest {
  private static final Origins OTHERS =
      Origins.from(
          Map.of("ROOKERY_ALLOWED_ORIGINS", "https://Desk.example, http://10.0.0.7:3000,"),
          "https://rook.example/base");

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:7800, 127.0.0.1:7800, true",
    "https://Box.local:7800, box.local:7800, true",
    "http://[::1]:7800, [::1]:7800, true",
    "http://127.0.0.1:7801, 127.0.0.1:7800, false",
    "http://127.0.0.1, 127.0.0.1:7800, false",
    "https://desk.example, 127.0.0.1:7800, true",
    "http://desk.example, 127.0.0.1:7800, false",
    "https://desk.example:444, 127.0.0.1:7800, false",
    "https://desk.example.evil.example, 127.0.0.1:7800, false",
    "http://10.0.0.7:3000, 127.0.0.1:7800, true",
    "https://rook.example, 127.0.0.1:7800, true",
    "null, 127.0.0.1:7800, false",
    "file://, 127.0.0.1:7800, false",
    "127.0.0.1:7800, 127.0.0.1:7800, false",
    "http://user@127.0.0.1:7800, 127.0.0.1:7800, false",
    "http://127.0.0.1:7800/, 127.0.0.1:7800, false",
  })
  void pages_of_ours_and_of_listed_origins_may_open_a_socket(
      String origin, String host, boolean allowed) {
    assertThat(OriginRules.allows(origin, host, OTHERS.allowed())).isEqualTo(allowed);
  }

  @Test
  void programs_send_no_origin() {
    assertThat(OriginRules.allows(null, null, OTHERS.allowed())).isTrue();
    assertThat(OriginRules.allows("http://127.0.0.1:7800", null, OTHERS.allowed())).isFalse();
  }

  @Test
  void what_is_no_origin_is_refused_at_start() {
    for (String text : new String[] {"desk.example", "*", "https://desk.example/path"}) {
      assertThatThrownBy(() -> Origins.from(Map.of("ROOKERY_ALLOWED_ORIGINS", text), null))
          .hasMessageContaining("ROOKERY_ALLOWED_ORIGINS");
    }
  }
}
