package dev.rookery.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.activation.GateAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateReadingTest {
  @Test
  void an_answer_is_one_json_object_in_a_fence_at_most() {
    assertThat(GateReading.read("{\"decision\": \"respond\", \"reason\": \"It asks us.\"}"))
        .isEqualTo(new GateAnswer.Respond("It asks us."));
    assertThat(GateReading.read("\n```json\n{\"decision\":\"pass\",\"reason\":\"no\"}\n```\n"))
        .isEqualTo(new GateAnswer.Pass("pass", "no"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "respond",
        "\"respond\"",
        "[]",
        "{}",
        "null",
        "{\"decision\":\"respond\"}",
        "{\"decision\":\"RESPOND\",\"reason\":\"x\"}",
        "{\"decision\":\"maybe\",\"reason\":\"x\"}",
        "{\"decision\":true,\"reason\":\"x\"}",
        "{\"decision\":\"respond\",\"reason\":7}",
        "{\"decision\":\"respond\",\"reason\":\"x\",\"tool\":\"rm\"}",
        "{\"decision\":\"pass\",\"decision\":\"respond\",\"reason\":\"x\"}",
        "{\"decision\":\"respond\",\"reason\":\"x\"} {\"decision\":\"pass\"}",
        "Sure! {\"decision\":\"respond\",\"reason\":\"x\"}",
        "```",
        "``````"
      })
  void anything_else_is_a_pass(String answer) {
    assertThat(GateReading.read(answer))
        .isInstanceOfSatisfying(
            GateAnswer.Pass.class, pass -> assertThat(pass.code()).isEqualTo("gate-unreadable"));
  }

  @Test
  void a_long_answer_is_a_pass_and_a_long_reason_is_cut_to_one_line() {
    assertThat(GateReading.read("[".repeat(9_000)))
        .isInstanceOfSatisfying(
            GateAnswer.Pass.class, pass -> assertThat(pass.code()).isEqualTo("gate-unreadable"));
    String reason = "a\\n\\tb " + "x".repeat(1_000);
    assertThat(GateReading.read("{\"decision\":\"respond\",\"reason\":\"%s\"}".formatted(reason)))
        .isInstanceOfSatisfying(
            GateAnswer.Respond.class,
            respond ->
                assertThat(respond.why())
                    .startsWith("a b x")
                    .hasSizeLessThanOrEqualTo(GateReading.MAX_REASON));
  }
}
