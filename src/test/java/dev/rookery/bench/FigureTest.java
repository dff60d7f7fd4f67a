package dev.rookery.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.bench.Figure.Aim;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FigureTest {
  @Test
  void the_median_of_an_even_number_lies_between_the_middle_two() {
    Figure figure = Figure.of("x", List.of(4.0, 1.0, 3.0, 10.0), "ms", null);

    assertThat(figure.value()).isEqualTo(3.5);
    assertThat(figure.min()).isEqualTo(1.0);
    assertThat(figure.max()).isEqualTo(10.0);
    assertThat(figure.ok()).isNull();
  }

  @Test
  void an_aim_is_met_at_its_bound() {
    assertThat(Figure.of("x", List.of(300.0), "/s", new Aim.AtLeast(300)).ok()).isTrue();
    assertThat(Figure.of("x", List.of(299.9), "/s", new Aim.AtLeast(300)).ok()).isFalse();
    assertThat(Figure.of("x", List.of(50.0), "ms", new Aim.AtMost(50)).ok()).isTrue();
    assertThat(Figure.of("x", List.of(50.1), "ms", new Aim.AtMost(50)).ok()).isFalse();
  }

  @Test
  void a_figure_that_was_not_taken_says_why_and_is_neither_met_nor_missed() {
    Figure figure = Figure.notRun("x", "/s", new Aim.AtLeast(5), "no database");

    assertThat(figure.ok()).isNull();
    assertThat(figure.json().path("value").isNull()).isTrue();
    assertThat(figure.json().path("note").asText()).isEqualTo("no database");
    assertThat(figure.cells()).contains("not run", "no database", "≥ 5.00");
  }

  @Test
  void a_percentile_is_the_time_that_its_share_did_not_exceed() {
    Latencies latencies = new Latencies();
    for (int millis = 1; millis <= 2_000; millis++) {
      latencies.add(millis * 1_000_000L);
    }

    assertThat(latencies.count()).isEqualTo(2_000);
    assertThat(latencies.millis(0.5)).isEqualTo(1_000);
    assertThat(latencies.millis(0.99)).isEqualTo(1_980);
    assertThat(latencies.millis(1)).isEqualTo(2_000);
    assertThatThrownBy(() -> new Latencies().millis(0.5)).isInstanceOf(Mismatch.class);
  }

  @Test
  void an_answer_is_complete_with_its_last_byte() {
    byte[] answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            .getBytes(StandardCharsets.US_ASCII);

    for (int count = 0; count < answer.length; count++) {
      assertThat(AnswerHead.complete(answer, count)).isFalse();
    }
    assertThat(AnswerHead.complete(answer, answer.length)).isTrue();
  }

  @Test
  void counts_that_differ_are_a_failure_that_names_both() {
    assertThatThrownBy(() -> Mismatch.unlessEqual("replies", 7, 8))
        .isInstanceOf(Mismatch.class)
        .hasMessage("Expected 7 replies, found 8.");
  }

  @Test
  void people_get_a_table_and_programs_one_object() {
    Hardware hardware = new Hardware(2, 4_096, "Linux 6", "VM 25", 0.13, 0.5);
    Report report = new Report("runs", hardware);
    report.add(Figure.of("runs on SQLite", List.of(312.0), "runs/s", new Aim.AtLeast(300)));
    report.add(Figure.notRun("runs on PostgreSQL", "runs/s", null, "no database"));

    assertThat(report.lines().getFirst()).contains("bench runs", "2 CPUs", "fsync 0.13 ms");
    assertThat(String.join("\n", report.lines()))
        .containsPattern("runs on SQLite +312 runs/s +312 … 312 +≥ 300 +yes")
        .containsPattern("runs on PostgreSQL +not run +no database");
    assertThat(report.json().path("rows")).hasSize(2);
    assertThat(report.json().path("machine").path("cpus").asInt()).isEqualTo(2);
  }
}
