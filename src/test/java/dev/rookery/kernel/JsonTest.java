package dev.rookery.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "{", "{\"a\":1,\"a\":2}", "[1,]", "{} {}", "nope", "{'a':1}"})
  void what_is_not_one_json_value_is_refused_with_its_place(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo("malformed-json"));
  }

  @Test
  void depth_is_bounded() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);

    assertThatThrownBy(() -> Json.parse(deep)).isInstanceOf(Refusal.class);
  }

  @Test
  void the_canonical_spelling_does_not_depend_on_order_or_space() {
    String one = Json.canonical(Json.parse("{\"b\": [1, {\"z\":null,\"y\":2}], \"a\": \"ä\"}"));
    String other = Json.canonical(Json.parse("{\"a\":\"ä\",\"b\":[1,{\"y\":2,\"z\":null}]}"));

    assertThat(one).isEqualTo(other).isEqualTo("{\"a\":\"ä\",\"b\":[1,{\"y\":2,\"z\":null}]}");
  }

  @Test
  void the_canonical_spelling_of_different_values_differs() {
    assertThat(Json.canonical(Json.parse("{\"a\":1}")))
        .isNotEqualTo(Json.canonical(Json.parse("{\"a\":\"1\"}")));
  }
}
