package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class BwrapSandboxIT extends SandboxContract {
  BwrapSandboxIT() {
    super(Mode.BWRAP);
  }
}
