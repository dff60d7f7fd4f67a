package dev.rookery;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.sandbox.Availability;
import dev.rookery.sandbox.Sandbox;
import dev.rookery.sandbox.SandboxProvider;
import dev.rookery.sandbox.Sandboxes;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sandboxes, opened when they are first asked for: a server does so when it starts, what only
 * looks into the database never does.
 */
public final class LazySandboxes implements SandboxProvider, AutoCloseable {
  private final Supplier<Sandboxes> open;
  private @Nullable Sandboxes opened;

  LazySandboxes(Supplier<Sandboxes> open) {
    this.open = open;
  }

  /** Opens them, which tries the tiers with a real command. */
  public synchronized Sandboxes get() {
    Sandboxes now = opened == null ? open.get() : opened;
    opened = now;
    return now;
  }

  private synchronized @Nullable Sandboxes ifOpen() {
    return opened;
  }

  @Override
  public Availability availability() {
    return get().availability();
  }

  @Override
  public Sandbox ensure(OrgId org, AgentId agent) {
    return get().ensure(org, agent);
  }

  @Override
  public void stop(RunId run, String why) {
    Sandboxes now = ifOpen();
    if (now != null) {
      now.stop(run, why);
    }
  }

  @Override
  public void close() {
    Sandboxes now = ifOpen();
    if (now != null) {
      now.close();
    }
  }
}
