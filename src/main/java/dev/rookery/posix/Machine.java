package dev.rookery.posix;

/** Machines whose numbering of system calls is known. */
public enum Machine {
  X86_64,
  AARCH64;

  /** The machine of this name, as {@code os.arch} spells it. */
  static Machine of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default -> throw new UnsatisfiedLinkError("no system call numbers for " + name);
    };
  }
}
