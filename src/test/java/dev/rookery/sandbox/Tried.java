package dev.rookery.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.models.Cancellation;
import dev.rookery.sandbox.SandboxSettings.Mode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Sandboxes of one tier in a directory of their own; skipped where the tier cannot start. */
final class Tried implements AutoCloseable {
  private final Sandboxes sandboxes;
  private final OrgId org = OrgId.next();
  private final Sandbox sandbox;

  private Tried(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
    this.sandbox = sandboxes.ensure(org, AgentId.next());
  }

  static Tried open(Path directory, Mode mode) {
    // Limits of processes are per user, and other tests run at the same time.
    int firstUser = 300_000 + 1_000 * Integer.getInteger("rookery.fork", 0);
    Map<String, String> env = Map.of("ROOKERY_SANDBOX_UID_BASE", Integer.toString(firstUser));
    SandboxSettings settings = SandboxSettings.from(directory, env).with(mode);
    Sandboxes sandboxes = Sandboxes.open(settings, null, () -> 1);
    Availability availability = sandboxes.availability();
    assumeTrue(availability instanceof Availability.Ready, availability::sentence);
    return new Tried(sandboxes);
  }

  /** What a command said, and how it ended. */
  record Said(String text, Outcome outcome) {
    void endsWith(int code) {
      assertThat(outcome).as(text).isEqualTo(new Outcome.Exit(code));
    }
  }

  Sandboxes all() {
    return sandboxes;
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Sandbox another() {
    return sandboxes.ensure(org, AgentId.next());
  }

  Said run(String line) {
    return run(Exec.shell(line));
  }

  Said run(Exec exec) {
    return run(exec, Cancellation.NEVER);
  }

  Said run(Exec exec, Cancellation cancellation) {
    return run(sandbox, exec, cancellation);
  }

  static Said run(Sandbox sandbox, Exec exec, Cancellation cancellation) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Outcome outcome = sandbox.exec(exec, (bytes, n) -> said.write(bytes, 0, n), cancellation);
    return new Said(said.toString(StandardCharsets.UTF_8), outcome);
  }

  @Override
  public void close() {
    sandboxes.close();
  }
}
