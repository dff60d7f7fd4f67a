package dev.rookery.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a list, and from where. */
final class Listing {
  @Option(
      names = "--limit",
      paramLabel = "<n>",
      defaultValue = "50",
      description = "At most so many, 1 to 200 (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Option(
      names = "--before",
      paramLabel = "<id>",
      description = "Go on after this one; lists are newest first.")
  private @Nullable String before;

  Route page(Route route) {
    if (limit < 1 || limit > 200) {
      throw CliFailure.usage("--limit is 1 to 200, not " + limit + ".");
    }
    return route.with("limit", limit).with("before", before);
  }
}
