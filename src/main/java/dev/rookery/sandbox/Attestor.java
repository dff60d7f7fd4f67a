package dev.rookery.sandbox;

import dev.rookery.kernel.Text;
import dev.rookery.models.Cancellation;
import dev.rookery.posix.SpawnFailure;
import dev.rookery.sandbox.confinement.Limits;
import dev.rookery.sandbox.confinement.Tier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at a confinement from inside. */
final class Attestor {
  private static final List<String> KINDS =
      List.of("cgroup", "ipc", "mnt", "net", "pid", "user", "uts");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String LOOK =
      """
      readlink /proc/self/ns/cgroup /proc/self/ns/ipc /proc/self/ns/mnt /proc/self/ns/net \
        /proc/self/ns/pid /proc/self/ns/user /proc/self/ns/uts
      while read -r name value; do
        case $name in CapEff:|NoNewPrivs:|Seccomp:) echo "$name $value";; esac
      done < /proc/self/status
      for file in "$CANARY" "$CANARY_BOUND"; do
        if { : < "$file"; } 2> /dev/null; then echo canary read; fi
      done
      if { : < "/dev/tcp/127.0.0.1/$PORT"; } 2> /dev/null; then echo loopback reached; fi
      echo looked
      """;

  private Attestor() {}

  /**
   * Runs the look.
   *
   * @param homes directory of all homes, where the canary is put
   * @throws SpawnFailure when the look could not be taken
   */
  static Attestation look(Sandbox sandbox, Tier tier, Path homes) {
    Path canary = homes.resolve(".canary");
    try (ServerSocket loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      if (!Files.exists(canary)) {
        Files.writeString(canary, "Nobody in a sandbox reads this.\n");
        Files.setPosixFilePermissions(canary, PosixFilePermissions.fromString("rw-r--r--"));
      }
      Path here = sandbox.home().path();
      Path bound = Path.of(sandbox.status().home()).resolve(here.relativize(canary)).normalize();
      Exec exec =
          Exec.shell(LOOK)
              .with(Limits.USUAL.withTimeout(PATIENCE))
              .with(
                  Map.of(
                      "CANARY", canary.toString(),
                      "CANARY_BOUND", bound.toString(),
                      "PORT", Integer.toString(loopback.getLocalPort())));
      return parse(said(sandbox, exec), tier);
    } catch (IOException e) {
      throw new SpawnFailure("the sandbox could not be looked at: " + e.getMessage());
    }
  }

  private static String said(Sandbox sandbox, Exec exec) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Outcome outcome =
        sandbox.exec(exec, (bytes, n) -> output.write(bytes, 0, n), Cancellation.NEVER);
    String said = output.toString(StandardCharsets.UTF_8);
    if (!outcome.equals(new Outcome.Exit(0)) || !said.endsWith("looked\n")) {
      throw new SpawnFailure(
          "a first command ended with " + outcome + " and said: " + Text.brief(said.strip(), 300));
    }
    return said;
  }

  private static Attestation parse(String said, Tier tier) throws IOException {
    Map<String, String> status = new HashMap<>();
    Map<String, String> differing = new HashMap<>();
    List<String> lines = said.lines().toList();
    for (int i = 0; i < KINDS.size(); i++) {
      Path ours = Path.of("/proc/self/ns", KINDS.get(i));
      if (Files.exists(ours) && !lines.get(i).equals(Files.readSymbolicLink(ours).toString())) {
        differing.put(KINDS.get(i), lines.get(i));
      }
    }
    lines.stream()
        .map(line -> line.split(":?\\s+"))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> status.put(parts[0], parts[1]));
    return new Attestation(
        tier,
        differing,
        status.getOrDefault("CapEff", "unknown"),
        "1".equals(status.get("NoNewPrivs")),
        Integer.parseInt(status.getOrDefault("Seccomp", "0")),
        !status.containsKey("canary"),
        !status.containsKey("loopback"),
        System.currentTimeMillis());
  }
}
