package dev.rookery.cli;

import dev.rookery.Rookery;
import dev.rookery.ops.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code warm-up}: what the launcher runs to prepare fast starts. It starts a server in a directory
 * of its own, asks it what a client asks, and stops it.
 */
@Command(
    name = "warm-up",
    hidden = true,
    description = "Start and stop a server, so that the launcher can prepare fast starts.",
    footer = "  rookery warm-up")
final class WarmUpCommand implements Callable<Integer> {
  private final Context context;

  WarmUpCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Path directory = Files.createTempDirectory("rookery-warm-up");
    try (Rookery local =
        Rookery.start(
            new Settings(directory, "127.0.0.1", 0, null, null, context.terminal().env()))) {
      String server = "--server=" + local.url();
      for (String noun : List.of("agents", "runs", "events")) {
        client(directory, server, noun, "list");
      }
      client(directory, server, "status");
      client(directory, server, "agents", "create", "warm");
      client(directory, server, "ask", "warm", "hello", "--timeout", "10s");
    } finally {
      remove(directory);
    }
    return Exit.OK;
  }

  private void client(Path directory, String... words) {
    String[] args =
        Stream.concat(Stream.of("--data-dir=" + directory), Stream.of(words))
            .toArray(String[]::new);
    Context own = new Context(context.terminal(), context.clock());
    CommandTree.of(own, args).execute(args);
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
