package dev.rookery.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CsrfTest {
  private final Csrf csrf = new Csrf();

  @Test
  void a_token_is_good_for_its_own_form_and_process_only() {
    String token = csrf.token("a");
    assertThat(csrf.genuine("a", token)).isTrue();
    assertThat(csrf.genuine("b", token)).isFalse();
    assertThat(csrf.genuine("a", null)).isFalse();
    assertThat(csrf.genuine("a", "")).isFalse();
    assertThat(new Csrf().genuine("a", token)).isFalse();
  }

  @Test
  void the_browser_is_believed_about_where_a_form_comes_from() {
    assertThat(Csrf.sameOrigin("same-origin", null, "h")).isTrue();
    assertThat(Csrf.sameOrigin("same-site", "http://h", "h")).isFalse();
    assertThat(Csrf.sameOrigin("none", null, "h")).isFalse();
    assertThat(Csrf.sameOrigin(null, "https://h:1", "h:1")).isTrue();
    assertThat(Csrf.sameOrigin(null, "https://h:2", "h:1")).isFalse();
    assertThat(Csrf.sameOrigin(null, "null", "null")).isFalse();
    assertThat(Csrf.sameOrigin(null, null, "h")).isTrue();
  }
}
