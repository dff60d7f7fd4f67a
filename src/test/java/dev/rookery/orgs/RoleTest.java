package dev.rookery.orgs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoleTest {

  @Test
  void each_role_includes_those_below_it_and_none_above() {
    assertThat(Role.OWNER.atLeast(Role.VIEWER)).isTrue();
    assertThat(Role.OPERATOR.atLeast(Role.OPERATOR)).isTrue();
    assertThat(Role.OPERATOR.atLeast(Role.ADMIN)).isFalse();
    assertThat(Role.VIEWER.atLeast(Role.OPERATOR)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void a_spelled_role_is_read_back(Role role) {
    assertThat(Role.of(role.spelled())).isEqualTo(role);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OWNER", "root", "owner "})
  void anything_else_is_refused(String spelled) {
    assertThatThrownBy(() -> Role.of(spelled)).isInstanceOf(Refusal.class);
  }

  @Test
  void a_principal_with_too_low_a_role_is_refused_and_told_which_it_needs() {
    Principal viewer = new Principal(OrgId.next(), KeyId.next(), "ci", Role.VIEWER);

    viewer.require(Role.VIEWER);
    assertThatThrownBy(() -> viewer.require(Role.ADMIN))
        .hasMessageContaining("needs admin")
        .extracting(e -> ((Refusal) e).kind())
        .isEqualTo(Refusal.Kind.FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ada", "@x", "ada@", "a@b@c", "a b@c.example"})
  void what_is_no_email_address_is_refused(String email) {
    assertThatThrownBy(() -> new Member.Person("Ada", email)).isInstanceOf(Refusal.class);
  }
}
