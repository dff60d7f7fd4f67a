package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class PlainSessionsIT extends SessionContract {
  PlainSessionsIT() {
    super(Mode.PLAIN);
  }
}
