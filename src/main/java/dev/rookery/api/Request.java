package dev.rookery.api;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What came in, over HTTP or through the gateway; checked by nobody yet. */
interface Request {
  /** The value of a parameter in the path, decoded. */
  String path(String parameter);

  @Nullable String query(String name);

  /** All parameters of the query, known to the route or not. */
  Set<String> queryNames();

  @Nullable String header(String name);

  /**
   * A body of JSON.
   *
   * @throws dev.rookery.kernel.Refusal {@code body-too-large}
   * @throws Problem.Thrown {@code unsupported-media-type}, {@code body-incomplete}
   */
  byte[] body();
}
