package dev.rookery.sandbox;

import dev.rookery.sandbox.SandboxSettings.Mode;

final class BwrapReachIT extends ReachContract {
  BwrapReachIT() {
    super(Mode.BWRAP);
  }
}
