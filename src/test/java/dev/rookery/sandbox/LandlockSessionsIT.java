package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class LandlockSessionsIT extends SessionContract {
  LandlockSessionsIT() {
    super(Mode.LANDLOCK);
  }
}
