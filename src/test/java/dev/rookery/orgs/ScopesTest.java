package dev.rookery.orgs;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScopesTest {
  private static Scopes of(String... scopes) {
    return new Scopes(List.of(scopes));
  }

  @Test
  void none_means_everything() {
    assertThat(Scopes.EVERYTHING.allow("runs", false)).isTrue();
    assertThat(Scopes.parse("").everything()).isTrue();
    assertThat(Scopes.parse(of("runs", "keys:read").stored())).isEqualTo(of("keys:read", "runs"));
  }

  @Test
  void an_area_is_open_whole_or_for_looking_only() {
    Scopes scopes = of("runs:read", "agents");
    assertThat(scopes.allow("runs", true)).isTrue();
    assertThat(scopes.allow("runs", false)).isFalse();
    assertThat(scopes.allow("agents", true)).isTrue();
    assertThat(scopes.allow("agents", false)).isTrue();
    assertThat(scopes.allow("keys", true)).isFalse();
    assertThat(scopes.areas()).containsExactly("agents", "runs");
  }

  @Test
  void nobody_gives_more_than_he_has() {
    Scopes scopes = of("runs:read", "agents");
    assertThat(scopes.cover(of("agents:read"))).isTrue();
    assertThat(scopes.cover(of("agents", "runs:read"))).isTrue();
    assertThat(scopes.cover(of("runs"))).isFalse();
    assertThat(scopes.cover(Scopes.EVERYTHING)).isFalse();
    assertThat(Scopes.EVERYTHING.cover(scopes)).isTrue();
    assertThat(Scopes.EVERYTHING.cover(Scopes.EVERYTHING)).isTrue();
  }

  @Test
  void what_is_no_scope_is_refused() {
    for (String bad :
        List.of("", "Runs", "runs:write", "runs:read:read", "*", "a b", "x".repeat(99))) {
      refused("bad-scope", () -> of(bad));
    }
  }

  @Test
  void a_principal_names_the_scope_that_is_missing() {
    Principal ci =
        new Principal(OrgId.next(), KeyId.next(), "ci", Role.ADMIN, of("runs:read"), null);
    ci.require("runs", true);
    assertThat(refused("scope-missing", () -> ci.require("runs", false)))
        .hasMessageContaining("this needs runs.");
    assertThat(refused("scope-missing", () -> ci.require("keys", true)))
        .hasMessageContaining("this needs keys:read.");
    refused("role-too-low", () -> ci.requireToGive(Role.OWNER, of("runs:read")));
    refused("scope-missing", () -> ci.requireToGive(Role.ADMIN, Scopes.EVERYTHING));
    ci.requireToGive(Role.VIEWER, of("runs:read"));
  }
}
