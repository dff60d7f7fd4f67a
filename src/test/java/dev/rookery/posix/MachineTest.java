package dev.rookery.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MachineTest {
  @Test
  void machines_are_known_by_name() {
    assertThat(Machine.of("amd64")).isEqualTo(Machine.X86_64);
    assertThat(Machine.of("aarch64")).isEqualTo(Machine.AARCH64);
    assertThatThrownBy(() -> Machine.of("riscv64")).isInstanceOf(LinkageError.class);
  }
}
