package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ShapeTest {
  private static final Shape SHAPE =
      Shape.of(
          "Thing",
          Shape.Field.required("name", Shape.Kind.TEXT, "its name"),
          Shape.Field.optional("kind", Shape.Kind.TEXT, "its kind").oneOf("small", "large"),
          Shape.Field.optional("count", Shape.Kind.INTEGER, "how many"),
          Shape.Field.optional("labels", Shape.Kind.TEXT_MAP, "labels"));

  private static Fields read(String json) {
    return SHAPE.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void what_is_not_given_has_its_default() {
    Fields fields = read("{\"name\":\"n\",\"count\":null}");
    assertThat(fields.text("name")).isEqualTo("n");
    assertThat(fields.text("kind", "small")).isEqualTo("small");
    assertThat(fields.number("count")).isEmpty();
    assertThat(fields.textMap("labels")).isEmpty();
    assertThat(fields.textOrNull("kind")).isNull();
  }

  @Test
  void values_outside_of_their_kind_are_refused_with_their_name() {
    assertThatThrownBy(() -> read("{\"name\":\"n\",\"kind\":\"huge\"}"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'kind'")
        .hasMessageContaining("small, large");
    assertThatThrownBy(() -> read("{\"name\":\"n\",\"count\":1.5}"))
        .hasMessageContaining("'count'")
        .hasMessageContaining("whole number");
    assertThatThrownBy(() -> read("{\"name\":\"n\",\"count\":99999999999}"))
        .hasMessageContaining("'count'");
    assertThatThrownBy(() -> read("{\"name\":\"n\",\"labels\":{\"a\":1}}"))
        .hasMessageContaining("'labels'");
  }

  @Test
  void the_schema_says_the_same() {
    var schema = SHAPE.schema();
    assertThat(schema.at("/required/0").asText()).isEqualTo("name");
    assertThat(schema.at("/properties/kind/enum")).hasSize(2);
    assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
  }

  @Test
  void a_trace_is_the_callers_when_it_is_well_formed() {
    String id = "4bf92f3577b34da6a3ce929d0e0e4736";
    assertThat(Trace.id("00-" + id + "-00f067aa0ba902b7-01")).isEqualTo(id);
    assertThat(Trace.id("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01"))
        .isNotEqualTo("0".repeat(32));
    assertThat(Trace.id("garbage")).matches("[0-9a-f]{32}");
    assertThat(Trace.id(null)).isNotEqualTo(Trace.id(null));
  }

  @Test
  void times_have_milliseconds_and_zero_is_never() {
    assertThat(Times.of(Instant.parse("2026-01-05T09:00:00Z")))
        .isEqualTo("2026-01-05T09:00:00.000Z");
    assertThat(Times.of(0L)).isNull();
    assertThat(Times.made("run_019b8d5e8a0070008000000000000000")).startsWith("2026-01-0");
  }
}
