package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class LandlockReachIT extends ReachContract {
  LandlockReachIT() {
    super(Mode.LANDLOCK);
  }
}
