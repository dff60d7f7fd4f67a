package dev.rookery.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and the key to it.
 *
 * @param url without a trailing slash
 * @param key null when none is known
 */
record Address(String url, @Nullable String key) {
  private static final Set<String> THIS_MACHINE =
      Set.of("localhost", "127.0.0.1", "[::1]", "0:0:0:0:0:0:0:1");

  /**
   * {@code --server}, else ROOKERY_URL, else the server of the data directory.
   *
   * @throws CliFailure when no server is known
   */
  static Address find(GlobalOptions options, Terminal terminal, LocalFiles files) {
    String given = options.server() == null ? terminal.env("ROOKERY_URL") : options.server();
    LocalFiles.Server local = files.server().orElse(null);
    String found = given != null ? given : local == null ? null : local.url();
    if (found == null) {
      throw notRunning(files);
    }
    String url = checked(found);
    String key = terminal.env("ROOKERY_API_KEY");
    if (key == null && (isThisMachine(url) || (local != null && local.url().equals(url)))) {
      key = files.localKey();
    }
    return new Address(url, key);
  }

  static CliFailure notRunning(LocalFiles files) {
    return CliFailure.unreachable(
        "No server is running on %s. Start one with: %s up".formatted(files.path(), Program.name()),
        null);
  }

  private static String checked(String url) {
    try {
      URI uri = new URI(url);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
        throw notAnAddress(url);
      }
      return url.replaceFirst("/+$", "");
    } catch (URISyntaxException _) {
      throw notAnAddress(url);
    }
  }

  private static CliFailure notAnAddress(String url) {
    return CliFailure.usage(
        "'%s' is no address of a server; it looks like http://127.0.0.1:7800".formatted(url));
  }

  /** The key of this machine is not sent to another one. */
  private static boolean isThisMachine(String url) {
    return THIS_MACHINE.contains(URI.create(url).getHost());
  }

  @Override
  public String toString() {
    return url;
  }
}
