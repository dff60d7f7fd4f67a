package dev.rookery.sandbox.confinement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.posix.Machine;
import dev.rookery.sandbox.confinement.SeccompRules.Sockets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The filter, run by a small machine as the kernel would. */
final class SeccompRulesTest {
  private static final int ALLOW = 0x7fff0000;
  private static final int KILL = 0x80000000;
  private static final int EPERM = 0x00050001;
  private static final int ENOSYS = 0x00050026;
  private static final int EAFNOSUPPORT = 0x00050061;

  private static int answer(Machine machine, Sockets sockets, int architecture, int... call) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0, call[0]).putInt(4, architecture);
    for (int i = 1; i < call.length; i++) {
      data.putInt(16 + 8 * (i - 1), call[i]);
    }
    ByteBuffer program =
        ByteBuffer.wrap(SeccompRules.program(machine, sockets)).order(ByteOrder.LITTLE_ENDIAN);
    int accumulator = 0;
    for (int at = 0; at < program.limit(); at += 8) {
      int value = program.getInt(at + 4);
      int ifTrue = program.get(at + 2);
      int ifFalse = program.get(at + 3);
      switch (program.getShort(at)) {
        case 0x20 -> accumulator = data.getInt(value);
        case 0x54 -> accumulator &= value;
        case 0x15 -> at += 8 * (accumulator == value ? ifTrue : ifFalse);
        case 0x35 ->
            at += 8 * (Integer.compareUnsigned(accumulator, value) >= 0 ? ifTrue : ifFalse);
        case 0x45 -> at += 8 * ((accumulator & value) != 0 ? ifTrue : ifFalse);
        case 0x06 -> {
          return value;
        }
        default -> throw new AssertionError("instruction " + program.getShort(at));
      }
    }
    throw new AssertionError("the program runs over its end");
  }

  private static int intel(int... call) {
    return answer(Machine.X86_64, Sockets.OWN_NAMESPACE, 0xc000003e, call);
  }

  private static int arm(int... call) {
    return answer(Machine.AARCH64, Sockets.OWN_NAMESPACE, 0xc00000b7, call);
  }

  @Test
  void ordinary_calls_pass() {
    for (int number : new int[] {0, 1, 9, 59, 231, 257, 434, 436, 439}) {
      assertThat(intel(number)).as("call %d", number).isEqualTo(ALLOW);
    }
    for (int number : new int[] {56, 63, 64, 93, 221, 222}) {
      assertThat(arm(number)).as("call %d", number).isEqualTo(ALLOW);
    }
  }

  @Test
  void dangerous_calls_are_refused_on_both_machines() {
    for (int number : new int[] {101, 165, 166, 155, 161, 272, 308, 250, 321, 298, 323, 425, 246}) {
      assertThat(intel(number)).as("call %d", number).isEqualTo(EPERM);
    }
    for (int number : new int[] {117, 40, 39, 41, 51, 97, 268, 219, 280, 241, 282, 425, 104}) {
      assertThat(arm(number)).as("call %d", number).isEqualTo(EPERM);
    }
  }

  @Test
  void a_thread_may_be_made_and_a_namespace_not() {
    int thread = 0x3d0f00;
    assertThat(intel(56, thread)).isEqualTo(ALLOW);
    assertThat(intel(56, 17)).isEqualTo(ALLOW);
    assertThat(arm(220, thread)).isEqualTo(ALLOW);
    for (int flag = 0; flag < 32; flag++) {
      boolean namespace = (0x7e020000 >>> flag & 1) == 1;
      assertThat(intel(56, 1 << flag)).isEqualTo(namespace ? EPERM : ALLOW);
      assertThat(arm(220, 1 << flag)).isEqualTo(namespace ? EPERM : ALLOW);
    }
    assertThat(intel(435)).isEqualTo(ENOSYS);
    assertThat(arm(435)).isEqualTo(ENOSYS);
  }

  @Test
  void sockets_are_those_of_the_own_namespace() {
    assertThat(intel(41, 1, 3)).isEqualTo(ALLOW);
    assertThat(intel(41, 2, 1)).isEqualTo(ALLOW);
    assertThat(intel(41, 10, 0x80802)).isEqualTo(ALLOW);
    assertThat(intel(41, 2, 3)).isEqualTo(EPERM);
    assertThat(intel(41, 10, 0x80003)).isEqualTo(EPERM);
    assertThat(intel(41, 2, 10)).isEqualTo(EPERM);
    for (int family : new int[] {0, 3, 9, 16, 17, 29, 30, 31, 38, 40, 44}) {
      assertThat(intel(41, family, 1)).as("family %d", family).isEqualTo(EAFNOSUPPORT);
      assertThat(arm(198, family, 1)).as("family %d", family).isEqualTo(EAFNOSUPPORT);
    }
  }

  @Test
  void with_the_hosts_network_there_are_no_sockets_but_pairs() {
    for (int family = 0; family < 50; family++) {
      assertThat(answer(Machine.X86_64, Sockets.NONE, 0xc000003e, 41, family, 1))
          .isEqualTo(EAFNOSUPPORT);
    }
    assertThat(answer(Machine.X86_64, Sockets.NONE, 0xc000003e, 53, 1, 1)).isEqualTo(ALLOW);
  }

  @Test
  void typing_into_a_terminal_is_refused_and_asking_its_size_is_not() {
    assertThat(intel(16, 0, 0x5412)).isEqualTo(EPERM);
    assertThat(intel(16, 0, 0x541c)).isEqualTo(EPERM);
    assertThat(intel(16, 0, 0x5413)).isEqualTo(ALLOW);
    assertThat(arm(29, 0, 0x5412)).isEqualTo(EPERM);
  }

  @Test
  void another_numbering_kills() {
    assertThat(answer(Machine.X86_64, Sockets.NONE, 0x40000003, 1)).isEqualTo(KILL);
    assertThat(intel(0x40000000 + 39)).isEqualTo(KILL);
    assertThat(answer(Machine.AARCH64, Sockets.NONE, 0xc000003e, 1)).isEqualTo(KILL);
  }
}
