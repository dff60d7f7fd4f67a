package dev.rookery.sandbox;

import dev.rookery.sandbox.Availability.Problem;
import dev.rookery.sandbox.confinement.Tier;
import dev.rookery.sandbox.confinement.Tiers;
import java.util.Locale;
import java.util.Map;

/** From what was said by a tier that did not start to its cause and what helps. Pure. */
final class CauseRules {
  static final String CLONE = "kernel.unprivileged_userns_clone";
  static final String MOST = "user.max_user_namespaces";
  static final String APPARMOR = "kernel.apparmor_restrict_unprivileged_userns";

  private CauseRules() {}

  /**
   * The problem.
   *
   * @param said by the probe
   * @param settings of the kernel by name, those that there are
   * @param landlock version of Landlock that the kernel offers
   */
  static Problem of(Tier tier, String said, Map<String, String> settings, int landlock) {
    if (said.contains("is not installed")) {
      String program = said.substring(0, said.indexOf(" is not installed"));
      String bundle =
          switch (program) {
            case "bwrap" -> "bubblewrap";
            case "setpriv", "prlimit" -> "util-linux";
            default -> program;
          };
      return new Problem(tier, said, "Install it: apt-get install " + bundle);
    }
    if (said.contains("C library") || said.contains("system call numbers")) {
      return new Problem(
          tier, said, "Sandboxes need Linux on x86_64 or aarch64 with glibc 2.34 or later.");
    }
    return switch (tier) {
      case BWRAP -> bubblewrap(said, settings);
      case LANDLOCK -> landlock(said, landlock);
      case PLAIN -> new Problem(tier, said, "Look at the server's log.");
    };
  }

  private static Problem bubblewrap(String said, Map<String, String> settings) {
    String words = said.toLowerCase(Locale.ROOT);
    if (!words.contains("namespace")
        && !words.contains("uid map")
        && !words.contains("rtm_newaddr")) {
      return new Problem(
          Tier.BWRAP, said, "Look at docs/sandbox.md, \"When a tier does not start\".");
    }
    if ("0".equals(settings.get(CLONE))) {
      return new Problem(
          Tier.BWRAP,
          "user namespaces are switched off (" + CLONE + " = 0)",
          "As root: sysctl -w " + CLONE + "=1, and put it into /etc/sysctl.d.");
    }
    if ("0".equals(settings.get(MOST))) {
      return new Problem(
          Tier.BWRAP,
          "no user namespaces are allowed (" + MOST + " = 0)",
          "As root: sysctl -w " + MOST + "=15000, and put it into /etc/sysctl.d.");
    }
    if ("1".equals(settings.get(APPARMOR))) {
      return new Problem(
          Tier.BWRAP,
          "AppArmor keeps programs from making user namespaces (" + APPARMOR + " = 1)",
          "Give bwrap the AppArmor profile of docs/sandbox.md (it allows userns to bwrap alone).");
    }
    return new Problem(
        Tier.BWRAP,
        "namespaces are refused, as containers do: " + said,
        "Let the container make namespaces, e.g. docker run --security-opt seccomp=unconfined"
            + " --security-opt apparmor=unconfined, or run Rookery outside of it.");
  }

  private static Problem landlock(String said, int version) {
    if (version >= Tiers.LANDLOCK_NEEDED) {
      return new Problem(Tier.LANDLOCK, said, "Look at the server's log.");
    }
    return new Problem(
        Tier.LANDLOCK,
        version == 0
            ? "the kernel has no Landlock"
            : "the kernel offers Landlock " + version + ", and 6 is needed",
        "Linux 6.12 or later with landlock in the kernel's lsm= list; or install bubblewrap.");
  }
}
