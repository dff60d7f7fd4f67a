package dev.rookery.ops;

import dev.rookery.kernel.Refusal;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one server process runs.
 *
 * @param dataDir holds the key, the embedded database and the files of this node
 * @param port 0 lets the system choose
 * @param databaseUrl {@code jdbc:postgresql://…}, or null for SQLite in the data directory
 * @param publicUrl how the world reaches this server, for webhooks; null when it is not public
 * @param env environment variables: provider keys, the encryption key, the default model
 */
public record Settings(
    Path dataDir,
    String host,
    int port,
    @Nullable String databaseUrl,
    @Nullable String publicUrl,
    Map<String, String> env) {
  public static final int DEFAULT_PORT = 7800;

  public Settings {
    env = Map.copyOf(env);
    if (databaseUrl != null && !databaseUrl.startsWith("jdbc:postgresql:")) {
      throw Refusal.badInput(
          "bad-database-url",
          "The database URL must start with jdbc:postgresql:// (or be left out for SQLite), not '%s'.",
          databaseUrl.replaceAll("//.*@", "//…@"));
    }
    if (publicUrl != null && !publicUrl.matches("https?://[^/\\s]+.*")) {
      throw Refusal.badInput(
          "bad-public-url", "The public URL must be http(s)://host…, not '%s'.", publicUrl);
    }
  }

  /** {@code ROOKERY_HOME}, or {@code .rookery} in the home directory. */
  public static Path defaultDataDir(Map<String, String> env) {
    String home = env.get("ROOKERY_HOME");
    return home == null || home.isBlank()
        ? Path.of(System.getProperty("user.home"), ".rookery")
        : Path.of(home);
  }

  /** Where this server answers, once it is bound to a port. */
  public URI url(int boundPort) {
    String reachable = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    return URI.create(
        "http://"
            + (reachable.contains(":") ? "[" + reachable + "]" : reachable)
            + ":"
            + boundPort);
  }

  @Override
  public String toString() {
    return "Settings[" + dataDir + ", " + host + ":" + port + "]";
  }
}
