package dev.rookery.egress;

/** Where a request of a sandbox goes. */
sealed interface Route {
  /**
   * @param address to which it is sent, which may be another than was asked for: https
   */
  record Allowed(WebAddress address, Reach reach) implements Route {}

  /** Why not. */
  record Denied(String why) implements Route {}
}
