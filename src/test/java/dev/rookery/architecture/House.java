package dev.rookery.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The map of the house (DESIGN: edges → flow → domain → ground). A new room is entered here first.
 *
 * @param root package above the rooms; the fixtures build a broken house under a root of their own
 */
record House(String root) {
  static final List<Set<String>> RINGS =
      List.of(
          Set.of("kernel", "store", "journal", "audit", "orgs", "secrets", "ops", "posix"),
          Set.of(
              "agents",
              "personas",
              "memory",
              "skills",
              "tools",
              "egress",
              "policy",
              "models",
              "homes",
              "sandbox",
              "spend",
              "schedules",
              "nostr",
              "integrations"),
          Set.of(
              "inbox",
              "activation",
              "occurrences",
              "dispatch",
              "overview",
              "runs",
              "approvals",
              "workers",
              "delivery",
              "programs",
              "workflows",
              "notices",
              "streams",
              "webhooks"),
          Set.of("web", "api", "gateway", "mcp", "cli", "channels", "demo", "bench"));

  static final Set<String> GROUND = RINGS.getFirst();
  static final Set<String> EDGES = RINGS.getLast();

  /** What a channel may know besides the ground. */
  static final Set<String> DOORS_OF_CHANNELS = Set.of("inbox", "delivery", "integrations");

  /**
   * The command line offers the demonstration and the benchmarks as commands, and benchmarks use
   * the local Bot API of the demonstration.
   */
  static final Map<String, Set<String>> EDGES_THAT_IMPORT_EDGES =
      Map.of("cli", Set.of("demo", "bench"), "bench", Set.of("demo"));

  /** They start a whole server; everybody else is wired by the composition root. */
  static final Set<String> STARTERS = Set.of("cli", "demo", "bench");

  /** Besides the sandbox: both start the product itself, as a user would, to kill or measure it. */
  static final Set<String> PROCESS_STARTERS = Set.of("sandbox", "demo", "bench");

  /**
   * Where connections are opened: to model providers, to the remote side of a channel, to our own
   * server. Tools go through the one client whose name begins with {@code Guarded}.
   */
  static final Set<String> CALLERS = Set.of("models", "channels", "cli", "demo", "bench");

  /** The room of a class; empty for the composition root and for classes of others. */
  Optional<String> room(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(root + ".")) {
      return Optional.empty();
    }
    String below = name.substring(root.length() + 1);
    int dot = below.indexOf('.');
    return Optional.of(dot < 0 ? below : below.substring(0, dot));
  }

  boolean isIn(Set<String> rooms, JavaClass type) {
    return room(type).filter(rooms::contains).isPresent();
  }

  boolean isCompositionRoot(JavaClass type) {
    return type.getPackageName().equals(root);
  }

  /** 0 is the ground; -1 for a room that is not on the map. */
  static int ring(String room) {
    for (int ring = 0; ring < RINGS.size(); ring++) {
      if (RINGS.get(ring).contains(room)) {
        return ring;
      }
    }
    return -1;
  }
}
