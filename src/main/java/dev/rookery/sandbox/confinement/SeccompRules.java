package dev.rookery.sandbox.confinement;

import dev.rookery.posix.Machine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The filter of system calls, as a BPF program for {@code seccomp(2)}. Refused calls answer EPERM;
 * calls of another machine's numbering kill the process. Pure.
 */
final class SeccompRules {
  private static final int LOAD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_AT_LEAST = 0x35;
  private static final int JUMP_IF_ANY_BIT = 0x45;
  private static final int AND = 0x54;
  private static final int RETURN = 0x06;

  private static final int ALLOW = 0x7fff0000;
  private static final int KILL = 0x80000000;
  private static final int EPERM = 0x00050001;
  private static final int ENOSYS = 0x00050026;
  private static final int EAFNOSUPPORT = 0x00050061;

  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int NEW_NAMESPACES = 0x7e020000;
  private static final int CLONE3 = 435;
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_PACKET = 10;

  /** Terminal requests that type into, or paste into, the terminal of somebody else. */
  private static final int[] TYPING = {0x5412, 0x541c};

  private SeccompRules() {}

  /** What sockets may be made. */
  enum Sockets {
    /** Inside a network namespace of its own: unix and internet sockets, none of them raw. */
    OWN_NAMESPACE,
    /** The host's network is there: no sockets but connected pairs. */
    NONE
  }

  /** What calls are named on a machine, and which of them are refused. */
  @SuppressWarnings("ImmutableEnumChecker") // the lists are List.of
  private enum Numbering {
    X86_64(
        0xc000003e,
        56,
        41,
        16,
        List.of(
            // ptrace, process_vm_readv/writev, kcmp, pidfd_getfd
            101,
            310,
            311,
            312,
            438,
            // mount, umount2, pivot_root, chroot, unshare, setns, open_by_handle_at,
            // name_to_handle_at
            165,
            166,
            155,
            161,
            272,
            308,
            304,
            303,
            // open_tree … fspick, mount_setattr, quotactl_fd, statmount, listmount, open_tree_attr
            428,
            429,
            430,
            431,
            432,
            433,
            442,
            443,
            457,
            458,
            467,
            // add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd, io_uring_*
            248,
            249,
            250,
            321,
            298,
            323,
            425,
            426,
            427,
            // kexec, modules, swap, reboot, names of the host, quota, accounting, clocks, kernel
            // log
            246,
            320,
            175,
            313,
            176,
            167,
            168,
            169,
            170,
            171,
            179,
            163,
            164,
            227,
            305,
            159,
            103,
            // iopl, ioperm, vhangup, modify_ldt, uselib, nfsservctl, lookup_dcookie, fanotify_init
            172,
            173,
            153,
            154,
            134,
            180,
            212,
            300)),
    AARCH64(
        0xc00000b7,
        220,
        198,
        29,
        List.of(
            117, 270, 271, 272, 438, 40, 39, 41, 51, 97, 268, 265, 264, 428, 429, 430, 431, 432,
            433, 442, 443, 457, 458, 467, 217, 218, 219, 280, 241, 282, 425, 426, 427, 104, 294,
            105, 273, 106, 224, 225, 142, 161, 162, 60, 89, 170, 112, 266, 171, 116, 58, 42, 18,
            262));

    private final int audit;
    private final int clone;
    private final int socket;
    private final int ioctl;
    private final List<Integer> refused;

    Numbering(int audit, int clone, int socket, int ioctl, List<Integer> refused) {
      this.audit = audit;
      this.clone = clone;
      this.socket = socket;
      this.ioctl = ioctl;
      this.refused = refused;
    }

    static Numbering of(Machine machine) {
      return switch (machine) {
        case X86_64 -> X86_64;
        case AARCH64 -> AARCH64;
      };
    }
  }

  /** One instruction of the program. */
  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private static final class Program {
    private final List<Instruction> instructions = new ArrayList<>();

    void load(int offset) {
      add(LOAD, 0, 0, offset);
    }

    void argument(int index) {
      load(16 + 8 * index);
    }

    void answer(int action) {
      add(RETURN, 0, 0, action);
    }

    void when(int test, int value, int action) {
      add(test, 0, 1, value);
      answer(action);
    }

    void add(int code, int ifTrue, int ifFalse, int value) {
      instructions.add(new Instruction(code, ifTrue, ifFalse, value));
    }

    /** These instructions run only for the call of this number. */
    void forCall(int number, Program block) {
      add(JUMP_IF_EQUAL, 0, block.instructions.size(), number);
      instructions.addAll(block.instructions);
    }

    byte[] bytes() {
      ByteBuffer bytes =
          ByteBuffer.allocate(8 * instructions.size()).order(ByteOrder.LITTLE_ENDIAN);
      for (Instruction i : instructions) {
        bytes.putShort((short) i.code).put((byte) i.ifTrue).put((byte) i.ifFalse).putInt(i.value);
      }
      return bytes.array();
    }
  }

  /** The program, in the byte order of both machines. */
  static byte[] program(Machine machine, Sockets sockets) {
    Numbering numbers = Numbering.of(machine);
    Program program = new Program();
    program.load(ARCHITECTURE);
    program.add(JUMP_IF_EQUAL, 1, 0, numbers.audit);
    program.answer(KILL);
    program.load(NUMBER);
    if (machine == Machine.X86_64) {
      int otherNumbering = 0x40000000;
      program.when(JUMP_IF_AT_LEAST, otherNumbering, KILL);
    }
    numbers.refused.forEach(number -> program.when(JUMP_IF_EQUAL, number, EPERM));
    // Its flags lie in memory, where a filter cannot look; the C library then takes clone.
    program.when(JUMP_IF_EQUAL, CLONE3, ENOSYS);
    program.forCall(numbers.clone, cloneCall());
    program.forCall(numbers.ioctl, ioctl());
    program.forCall(numbers.socket, socket(sockets));
    program.answer(ALLOW);
    return program.bytes();
  }

  private static Program cloneCall() {
    Program block = new Program();
    block.argument(0);
    block.when(JUMP_IF_ANY_BIT, NEW_NAMESPACES, EPERM);
    block.answer(ALLOW);
    return block;
  }

  private static Program ioctl() {
    Program block = new Program();
    block.argument(1);
    for (int request : TYPING) {
      block.when(JUMP_IF_EQUAL, request, EPERM);
    }
    block.answer(ALLOW);
    return block;
  }

  private static Program socket(Sockets sockets) {
    Program block = new Program();
    switch (sockets) {
      case NONE -> block.answer(EAFNOSUPPORT);
      case OWN_NAMESPACE -> {
        block.argument(0);
        block.when(JUMP_IF_EQUAL, AF_UNIX, ALLOW);
        block.add(JUMP_IF_EQUAL, 2, 0, AF_INET);
        block.add(JUMP_IF_EQUAL, 1, 0, AF_INET6);
        // All others: netlink, packet, vsock (which no namespace holds), alg, bluetooth, …
        block.answer(EAFNOSUPPORT);
        block.argument(1);
        block.add(AND, 0, 0, 0xf);
        block.when(JUMP_IF_EQUAL, SOCK_RAW, EPERM);
        block.when(JUMP_IF_EQUAL, SOCK_PACKET, EPERM);
        block.answer(ALLOW);
      }
    }
    return block;
  }
}
