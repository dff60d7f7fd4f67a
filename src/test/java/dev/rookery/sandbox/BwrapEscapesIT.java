package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class BwrapEscapesIT extends EscapeContract {
  BwrapEscapesIT() {
    super(Mode.BWRAP);
  }
}
