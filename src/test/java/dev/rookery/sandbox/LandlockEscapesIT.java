package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class LandlockEscapesIT extends EscapeContract {
  LandlockEscapesIT() {
    super(Mode.LANDLOCK);
  }
}
