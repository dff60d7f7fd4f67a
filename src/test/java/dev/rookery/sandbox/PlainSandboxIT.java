package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class PlainSandboxIT extends SandboxContract {
  PlainSandboxIT() {
    super(Mode.PLAIN);
  }
}
