package dev.rookery.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.sandbox.Availability.Problem;
import dev.rookery.sandbox.confinement.Tier;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CauseRulesTest {
  private static final String REFUSED =
      "the command was not started: bwrap: No permissions to create new namespace";

  @Test
  void a_missing_program_is_to_be_installed() {
    assertThat(CauseRules.of(Tier.BWRAP, "bwrap is not installed", Map.of(), 7).fix())
        .contains("apt-get install bubblewrap");
    assertThat(CauseRules.of(Tier.LANDLOCK, "setpriv is not installed", Map.of(), 7).fix())
        .contains("apt-get install util-linux");
  }

  @Test
  void switched_off_namespaces_are_told_by_the_name_of_the_switch() {
    Problem debian = CauseRules.of(Tier.BWRAP, REFUSED, Map.of(CauseRules.CLONE, "0"), 7);
    Problem none = CauseRules.of(Tier.BWRAP, REFUSED, Map.of(CauseRules.MOST, "0"), 7);

    assertThat(debian.fix()).contains("kernel.unprivileged_userns_clone=1");
    assertThat(none.fix()).contains("user.max_user_namespaces=15000");
  }

  @Test
  void apparmor_of_ubuntu_is_told_apart_from_a_container() {
    Map<String, String> ubuntu = Map.of(CauseRules.APPARMOR, "1", CauseRules.MOST, "100");
    String words = "bwrap: setting up uid map: Permission denied";

    assertThat(CauseRules.of(Tier.BWRAP, words, ubuntu, 7).fix()).contains("AppArmor profile");
    assertThat(CauseRules.of(Tier.BWRAP, words, Map.of(), 7).fix()).contains("docker run");
  }

  @Test
  void an_old_kernel_is_told_by_its_landlock() {
    assertThat(CauseRules.of(Tier.LANDLOCK, "offers Landlock 4", Map.of(), 4).cause())
        .contains("Landlock 4");
    assertThat(CauseRules.of(Tier.LANDLOCK, "offers Landlock 0", Map.of(), 0).cause())
        .isEqualTo("the kernel has no Landlock");
  }

  @Test
  void another_system_is_told_what_is_needed() {
    assertThat(CauseRules.of(Tier.BWRAP, "the C library has no posix_spawn", Map.of(), 0).fix())
        .contains("glibc 2.34");
  }
}
