package dev.rookery.overview;

import org.jspecify.annotations.Nullable;

/**
 * A conversation as lists show it.
 *
 * @param lastAt when something last came in, epoch milliseconds
 * @param openRuns runs that are not over
 */
public record Talk(
    String key,
    Place place,
    boolean direct,
    long createdAt,
    long clearedAt,
    long lastAt,
    int openRuns) {

  /**
   * Where it is.
   *
   * @param integration null for conversations inside Rookery
   */
  public record Place(
      @Nullable String integration,
      @Nullable String channel,
      @Nullable String resource,
      String address,
      String name) {}
}
