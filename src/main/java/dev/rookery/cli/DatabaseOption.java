package dev.rookery.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database a server uses. */
final class DatabaseOption {
  @Option(
      names = "--database-url",
      paramLabel = "<url>",
      description =
          "jdbc:postgresql://host/database (or ROOKERY_DATABASE_URL; user and password in"
              + " ROOKERY_DATABASE_USER and _PASSWORD). Default: SQLite in the data directory.")
  private @Nullable String url;

  /** Null means the embedded database. */
  @Nullable String url(Terminal terminal) {
    if (url != null && url.toLowerCase(Locale.ROOT).matches(".*([?&]password=|//[^/]*:[^/]*@).*")) {
      throw CliFailure.usage(
          "A password does not belong on the command line, where other users can see it. Set"
              + " ROOKERY_DATABASE_PASSWORD, or the whole URL as ROOKERY_DATABASE_URL.");
    }
    return url == null ? terminal.env("ROOKERY_DATABASE_URL") : url;
  }
}
