package dev.rookery.cli;

import dev.rookery.Rookery;
import dev.rookery.kernel.Refusal;
import dev.rookery.ops.Settings;
import java.net.BindException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code up}. */
@Command(
    name = "up",
    description = {
      "Start the server. The first start makes the data directory, its key and the database.",
      "Ctrl-C or SIGTERM stops it: work under way is finished or handed over. Provider keys come"
          + " from ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENROUTER_API_KEY.",
    },
    footer = {
      "  rookery up",
      "  rookery up --port 8080 --public-url https://bots.example.org",
      "  ROOKERY_DATABASE_PASSWORD=… rookery up --database-url jdbc:postgresql://db/rookery",
    })
final class UpCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = "--host",
      paramLabel = "<host>",
      defaultValue = "127.0.0.1",
      description = "Where to listen (default: ${DEFAULT-VALUE}, this machine only).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "<port>",
      defaultValue = "7800",
      description = "0 takes any free one (default: ${DEFAULT-VALUE}).")
  private int port = Settings.DEFAULT_PORT;

  @Option(
      names = "--public-url",
      paramLabel = "<url>",
      description = "How the world reaches this server, for webhooks (or ROOKERY_PUBLIC_URL).")
  private @Nullable String publicUrl;

  @Mixin private DatabaseOption database = new DatabaseOption();

  UpCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65_535) {
      throw CliFailure.usage("--port is 0 to 65535, not " + port + ".");
    }
    try (Rookery rookery = start()) {
      Thread stop = new Thread(() -> stop(rookery), "stop");
      Runtime.getRuntime().addShutdownHook(stop);
      announce(rookery);
      rookery.awaitStop();
    }
    return Exit.OK;
  }

  private Rookery start() {
    Terminal terminal = context.terminal();
    try {
      return Rookery.start(
          new Settings(
              context.files().path(),
              host,
              port,
              database.url(terminal),
              publicUrl == null ? terminal.env("ROOKERY_PUBLIC_URL") : publicUrl,
              terminal.env()));
    } catch (RuntimeException e) {
      throw refused(e);
    }
  }

  /** Whatever the reason, a start that is refused exits with 1. */
  private RuntimeException refused(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return CliFailure.because(
            "Cannot listen on %s:%d (%s). Stop what listens there, or choose another with --port."
                .formatted(host, port, cause.getMessage()),
            e);
      }
    }
    return e instanceof Refusal refusal
        ? CliFailure.because(refusal.getMessage() + " (" + refusal.code() + ")", e)
        : e;
  }

  private void announce(Rookery rookery) {
    Output output = context.output();
    Banner banner =
        new Banner(
            rookery.url(),
            rookery.setupLink(),
            rookery.describe(),
            context.options().dataDir() == null);
    output.one(banner.json(), () -> banner.lines(context.style()).forEach(output::line));
    context.terminal().out().flush();
  }

  private void stop(Rookery rookery) {
    Output output = context.output();
    output.note("Stopping: no new work is taken, steps under way get up to 25 s to end …");
    rookery.close();
    output.note("Stopped. What was not finished goes on at the next start.");
  }
}
