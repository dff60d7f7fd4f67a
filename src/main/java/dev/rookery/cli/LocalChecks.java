package dev.rookery.cli;

import dev.rookery.egress.EgressForwarder;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.ModelSettings;
import dev.rookery.models.Models;
import dev.rookery.ops.Settings;
import dev.rookery.sandbox.Availability;
import dev.rookery.sandbox.Sandboxes;
import dev.rookery.sandbox.confinement.Tier;
import dev.rookery.secrets.Vaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can be found out on this machine without a server. Nothing is changed. */
final class LocalChecks {
  private static final long MIB = 1L << 20;
  private static final long LITTLE_SPACE = 1024 * MIB;
  private static final long TOO_LITTLE_SPACE = 100 * MIB;
  private static final int JDK = 25;
  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final Set<PosixFilePermission> OF_THE_OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final LocalFiles files;
  private final Terminal terminal;

  LocalChecks(LocalFiles files, Terminal terminal) {
    this.files = files;
    this.terminal = terminal;
  }

  Finding jdk() {
    int version = Runtime.version().feature();
    String what = "Java %s in %s".formatted(Runtime.version(), System.getProperty("java.home"));
    return version >= JDK
        ? Finding.ok("jdk", what)
        : Finding.fail("jdk", what, "Install a JDK 25 and set ROOKERY_JAVA_HOME to it.");
  }

  Finding dataDir() throws IOException {
    Path path = files.path();
    String name = "data-dir";
    if (!Files.exists(path)) {
      return Finding.warn(
          name, path + " does not exist yet.", "Make it with: " + Program.name() + " init");
    }
    if (!Files.isDirectory(path) || !Files.isWritable(path)) {
      return Finding.fail(
          name,
          path + " is not a directory that this user can write to.",
          "Choose another with --data-dir or ROOKERY_HOME, or run as its owner.");
    }
    return openToOthers(path)
        ? Finding.warn(name, path + " can be read by other users.", "Run: chmod 700 '" + path + "'")
        : Finding.ok(name, path + " is writable, and private.");
  }

  Finding key() {
    String variable = terminal.env(Vaults.KEY_VARIABLE);
    if (variable == null && !Files.exists(files.masterKey())) {
      return Files.exists(files.database())
          ? Finding.fail(
              "key",
              "There is a database but no key to its secrets (%s).".formatted(files.masterKey()),
              "Put the key file back from its backup, or set " + Vaults.KEY_VARIABLE + ".")
          : Finding.info("key", "No key yet; the first start makes it.");
    }
    Vaults.open(variable, files.masterKey(), false);
    return Finding.ok(
        "key",
        variable == null
            ? files.masterKey() + " is readable by its owner only."
            : "The key is in " + Vaults.KEY_VARIABLE + ".");
  }

  /** The head of the file only: opening it would migrate it. */
  Finding database() throws IOException {
    Path file = files.database();
    String url = terminal.env("ROOKERY_DATABASE_URL");
    if (url != null) {
      return Finding.info("database", "PostgreSQL; it is asked when the server starts.");
    }
    if (!Files.exists(file)) {
      return Finding.info("database", "No database yet; the first start makes it.");
    }
    byte[] head;
    try (var in = Files.newInputStream(file)) {
      head = in.readNBytes(SQLITE.length);
    }
    boolean isDatabase = head.length == 0 || java.util.Arrays.equals(head, SQLITE);
    if (!isDatabase || !Files.isWritable(file)) {
      return Finding.fail(
          "database",
          file + (isDatabase ? " is not writable." : " is not a SQLite database."),
          isDatabase ? "Run as its owner." : "Put the database back from its backup.");
    }
    return Finding.ok("database", "%s, %d MiB".formatted(file, Files.size(file) / MIB));
  }

  Finding disk() throws IOException {
    Path place = files.path();
    while (!Files.exists(place) && place.getParent() != null) {
      place = place.getParent();
    }
    long free = Files.getFileStore(place).getUsableSpace();
    String what = "%d MiB free for %s".formatted(free / MIB, files.path());
    if (free < TOO_LITTLE_SPACE) {
      return Finding.fail("disk", what, "Free some space: without it nothing can be accepted.");
    }
    return free < LITTLE_SPACE
        ? Finding.warn("disk", what, "Free some space soon.")
        : Finding.ok("disk", what);
  }

  /** Only asked when no server of ours runs. */
  Finding port() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Settings.DEFAULT_PORT));
      return Finding.ok("port", "Port " + Settings.DEFAULT_PORT + " is free.");
    } catch (IOException e) {
      return Finding.warn(
          "port",
          "Port %d is taken by something else (%s)."
              .formatted(Settings.DEFAULT_PORT, e.getMessage()),
          "Stop it, or start with another: " + Program.name() + " up --port 7801");
    }
  }

  /** What a server started from this shell would use. */
  Finding model() {
    try (Models models =
        new Models(ModelSettings.from(terminal.env(), files.scripts()), InstantSource.system())) {
      return model(models.describe());
    } catch (Refusal e) {
      return Finding.fail("model", e.getMessage(), "Mend the variable, then run this again.");
    }
  }

  private static Finding model(Models.Description model) {
    if (!model.ready()) {
      return Finding.fail("model", model.sentence(), "Set what it names, then run this again.");
    }
    return model.scripted()
        ? Finding.warn(
            "model",
            model.sentence(),
            "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENROUTER_API_KEY, or run an Ollama.")
        : Finding.ok("model", model.sentence());
  }

  /** Runs a command that looks at its own confinement, as a start of the server does. */
  Finding sandbox() {
    String name = "sandbox";
    Map<String, String> env = new HashMap<>();
    for (String variable : List.of("ROOKERY_SANDBOX", "ROOKERY_SANDBOX_UID_BASE")) {
      String value = terminal.env(variable);
      if (value != null) {
        env.put(variable, value);
      }
    }
    Availability found = Sandboxes.diagnose(env);
    boolean well =
        found.problems().isEmpty() && found.chosen().filter(tier -> tier != Tier.PLAIN).isPresent();
    String fix = found.fix().isEmpty() ? "See docs/sandbox.md." : found.fix();
    return well ? Finding.ok(name, found.sentence()) : Finding.warn(name, found.sentence(), fix);
  }

  /** What lets commands out, as far as the rules of their agent allow it. */
  Finding network() {
    return EgressForwarder.choose(Files::exists)
        .map(
            forwarder ->
                Finding.ok(
                    "network",
                    "Commands that may leave do so through %s and Rookery's proxy."
                        .formatted(forwarder.program())))
        .orElseGet(
            () ->
                Finding.warn(
                    "network",
                    "There is no perl, python3 or socat in /usr/bin, so commands of agents have no"
                        + " network, whatever their rules allow.",
                    "Install one of them, such as: apt-get install perl"));
  }

  private static boolean openToOthers(Path path) throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        && !OF_THE_OWNER.containsAll(Files.getPosixFilePermissions(path));
  }
}
