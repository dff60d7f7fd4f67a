package dev.rookery.sandbox;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.models.Cancellation;
import dev.rookery.sandbox.SandboxSettings.Mode;
import java.nio.file.Path;
import java.util.Map;

/** A server in a process of its own: opens sandboxes, runs one command, and tells. */
public final class KilledServer {
  private KilledServer() {}

  /** Data directory, mode, command. */
  public static void main(String[] arguments) {
    SandboxSettings settings =
        SandboxSettings.from(Path.of(arguments[0]), Map.of()).with(Mode.valueOf(arguments[1]));
    try (Sandboxes sandboxes = Sandboxes.open(settings, null, () -> 1)) {
      if (sandboxes.availability() instanceof Availability.Unavailable unavailable) {
        System.out.println("unavailable " + unavailable.sentence());
        return;
      }
      Sandbox sandbox = sandboxes.ensure(OrgId.next(), AgentId.next());
      System.out.println("attested " + sandbox.attest().holds());
      Outcome outcome =
          sandbox.exec(
              Exec.shell(arguments[2]),
              (bytes, n) -> {
                System.out.write(bytes, 0, n);
                System.out.flush();
              },
              Cancellation.NEVER);
      System.out.println(outcome);
    }
  }
}
