package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class PlainEscapesIT extends EscapeContract {
  PlainEscapesIT() {
    super(Mode.PLAIN);
  }
}
