package dev.rookery.sandbox.confinement;

/** How strongly a sandbox is confined. Every run's record and every page names it. */
public enum Tier {
  /**
   * Namespaces, no capabilities, a filter of system calls: a file system and a network of its own.
   */
  BWRAP("local-bwrap"),
  /**
   * Landlock and a filter of system calls: the host's processes can be listed, no network at all.
   */
  LANDLOCK("local-landlock"),
  /** UNSANDBOXED: a command may do what its user may do. */
  PLAIN("local-plain");

  private final String label;

  Tier(String label) {
    this.label = label;
  }

  /** As stored and shown. */
  public String label() {
    return label;
  }
}
