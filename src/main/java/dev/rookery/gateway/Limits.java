package dev.rookery.gateway;

import java.time.Duration;

/**
 * What a socket may cost.
 *
 * @param connectWithin from the upgrade to the first request
 * @param pingEvery how often the server pings
 * @param silence after which a client that sends nothing, no pong either, is gone
 * @param takeWithin after which a client that does not take what it is sent is gone
 * @param requests that may be open at once
 * @param frameBytes the largest frame from a client
 */
record Limits(
    Duration connectWithin,
    Duration pingEvery,
    Duration silence,
    Duration takeWithin,
    int requests,
    int frameBytes) {
  static final Limits USUAL =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(15),
          Duration.ofSeconds(45),
          Duration.ofSeconds(20),
          16,
          1 << 20);

  /** The largest frame from a client that is not connected. */
  static final int STRANGER_BYTES = 16 << 10;

  /** How often sockets are looked at. */
  Duration tick() {
    return pingEvery.dividedBy(30);
  }
}
