package dev.rookery.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Text;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;

class VaultPropertyTest {
  private static final OrgId ORG = OrgId.next();
  private final Vault vault = new KeyringVault(List.of(KeyringVaultTest.key((byte) 3)));

  @Property(tries = 200)
  void any_text_comes_back(@ForAll String text) {
    String clean = Text.clean(text);
    var field = new Vault.Field(ORG, "t", "c", "r");
    assertThat(vault.open(field, vault.seal(field, clean))).isEqualTo(clean);
  }

  @Property(tries = 200)
  void no_text_that_was_not_sealed_opens(@ForAll String text) {
    var field = new Vault.Field(ORG, "t", "c", "r");
    assertThatThrownBy(() -> vault.open(field, text)).isInstanceOf(Vault.BadSecret.class);
  }

  @Property(tries = 200)
  void two_rows_never_share_a_place(@ForAll @NotEmpty String one, @ForAll @NotEmpty String other) {
    String first = Text.clean(one).replace('|', '!');
    String second = Text.clean(other).replace('|', '!');
    String sealed = vault.seal(new Vault.Field(ORG, "t", "c", first), "x");
    if (!first.equals(second)) {
      assertThatThrownBy(() -> vault.open(new Vault.Field(ORG, "t", "c", second), sealed))
          .isInstanceOf(Vault.BadSecret.class);
    }
  }
}
