package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class LandlockSandboxIT extends SandboxContract {
  LandlockSandboxIT() {
    super(Mode.LANDLOCK);
  }
}
