package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class BwrapSessionsIT extends SessionContract {
  BwrapSessionsIT() {
    super(Mode.BWRAP);
  }
}
