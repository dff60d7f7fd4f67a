package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class PathsTest {
  @Test
  void a_path_belongs_to_its_route_only() {
    assertThat(Paths.match("/api/v1/runs", "/api/v1/runs")).isEmpty();
    assertThat(Paths.match("/api/v1/runs/{id}", "/api/v1/runs/run_1"))
        .isEqualTo(Map.of("id", "run_1"));
    assertThat(Paths.match("/a/{id}/b/{seq}", "/a/x/b/7")).isEqualTo(Map.of("id", "x", "seq", "7"));
    assertThat(Paths.match("/api/v1/runs/{id}", "/api/v1/runs")).isNull();
    assertThat(Paths.match("/api/v1/runs/{id}", "/api/v1/runs/")).isNull();
    assertThat(Paths.match("/api/v1/runs/{id}", "/api/v1/runs/x/y")).isNull();
    assertThat(Paths.match("/api/v1/runs/{id}", "/api/v1/agents/x")).isNull();
  }

  @Test
  void values_are_decoded_after_the_path_is_cut() {
    assertThat(Paths.match("/a/{id}", "/a/x%2Fy%20z+%C3%A9")).isEqualTo(Map.of("id", "x/y z+é"));
    assertThat(Paths.match("/a/{id}", "/a/%2E%2E")).isEqualTo(Map.of("id", ".."));
    assertThat(Paths.match("/a/{id}", "/a/100%")).isEqualTo(Map.of("id", "100%"));
  }
}
