package dev.rookery.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdsTest {
  @Test
  void ids_made_one_after_the_other_sort_in_that_order() {
    List<String> ids = IntStream.range(0, 5_000).mapToObj(_ -> RunId.next().value()).toList();

    assertThat(ids).isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run_",
        "run_0192",
        "agt_01a1fb846b9e70c0b4f30143ad81744b",
        "run_01a1fb846b9e70c0b4f30143ad81744B",
        "run_01a1fb846b9e70c0b4f30143ad81744bb",
        "run-01a1fb846b9e70c0b4f30143ad81744b",
        "run_01a1fb846b9e70c0b4f30143ad81744' "
      })
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> new RunId(text))
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo("bad-id"));
  }
}
