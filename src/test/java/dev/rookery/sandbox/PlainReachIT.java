package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class PlainReachIT extends ReachContract {
  PlainReachIT() {
    super(Mode.PLAIN);
  }
}
