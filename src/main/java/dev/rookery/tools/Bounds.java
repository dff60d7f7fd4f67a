package dev.rookery.tools;

import dev.rookery.homes.Search;
import java.time.Duration;

/** How far searches of tools go. */
final class Bounds {
  static final Search.Bounds NONE = new Search.Bounds(false, 1, Duration.ZERO, () -> true);
  private static final Duration TIME = Duration.ofSeconds(20);

  private Bounds() {}

  static Search.Bounds of(Tool.Call call, int limit) {
    return new Search.Bounds(
        call.arguments().path("everywhere").asBoolean(),
        limit,
        TIME,
        () -> call.cancellation().cancelled());
  }
}
