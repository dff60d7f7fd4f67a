package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench streams}. */
@Command(
    name = "streams",
    description = {
      "How long after a change subscribers have its record: 1,000 over server-sent events and 1,000",
      "over WebSocket, on one organization, with 200 changes a second. Then all of a kind come back at",
      "the same time, each 1,000 records behind. Nothing may be lost or repeated."
    },
    footer = "  rookery bench streams --seconds 20")
final class StreamsBench implements Callable<Integer> {
  private static final Aim P99 = new Aim.AtMost(250);
  private static final Aim NONE = new Aim.AtMost(0);
  private static final Aim HELD = new Aim.AtLeast(190);
  private static final int PER_SECOND = 200;
  private static final String NO_GATEWAY = "this server has no /ws";

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      description = "How long each round publishes (default: 10).")
  private int seconds = 10;

  @Option(
      names = "--subscribers",
      paramLabel = "<n>",
      description = "How many of each kind (default: 1000).")
  private int subscribers = 1_000;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  StreamsBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  /** A way to subscribe. */
  private record Kind(String name, Supplier<Subscriber> make) {}

  /** What is measured, and by whom. */
  private record Site(ServerProcess server, Publisher publisher, String key) {
    Crowd crowd(Kind kind, int size, long after, Crowd.Heard heard) {
      String host = server.url().getAuthority();
      Subscriber.Stage stage = new Subscriber.Stage(host, key, after);
      return new Crowd(server.url(), stage, size, kind.make(), heard);
    }
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    Path directory = options.directory("streams");
    int replay = options.size(1_000, 20);
    try (ServerProcess server =
        ServerProcess.of(new Launch(directory, options.databaseUrl(), true))) {
      String key = read(directory.resolve("cli.key"));
      Duration time = Duration.ofMillis(options.size(1_000 * Math.max(1, seconds), 500));
      int most = (int) ((options.rounds() + 1) * time.toSeconds() * PER_SECOND) + 1_000 + replay;
      Site site = new Site(server, new Publisher(server, key, most), key);
      List<Kind> kinds = new ArrayList<>(List.of(new Kind("SSE", SseSubscriber::new)));
      if (site.publisher().has("/ws")) {
        kinds.add(new Kind("WebSocket", WebSocketSubscriber::new));
      }
      Map<String, List<Double>> found = new LinkedHashMap<>();
      for (int round = 0; round <= options.rounds(); round++) {
        live(site, kinds, time, round == 0 ? new LinkedHashMap<>() : found);
        progress.say(
            "round " + round + " of " + options.rounds() + (round == 0 ? " (not counted)" : ""));
      }
      site.publisher().publish(replay);
      for (int round = 0; round < options.rounds(); round++) {
        for (Kind kind : kinds) {
          storm(site, kind, replay, found);
        }
      }
      add(report, found, kinds.size() == 1 ? NO_GATEWAY : null);
    }
  }

  private int size() {
    return options.size(Math.max(1, subscribers), 20);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new Mismatch("The server's key cannot be read: " + e);
    }
  }

  private void live(Site site, List<Kind> kinds, Duration time, Map<String, List<Double>> found)
      throws InterruptedException {
    Publisher publisher = site.publisher();
    List<Crowd> crowds = new ArrayList<>();
    List<Delays> delays = new ArrayList<>();
    try {
      for (Kind kind : kinds) {
        Delays mine = new Delays();
        delays.add(mine);
        crowds.add(
            site.crowd(
                kind, size(), publisher.head(), (seq, at) -> mine.add(at - publisher.sentAt(seq))));
      }
      crowds.forEach(Crowd::awaitFollowing);
      note(found, "changes published", publisher.publish(PER_SECOND, time));
      crowds.forEach(crowd -> crowd.await(publisher.head()));
      note(
          found,
          "server memory with %,d subscribers".formatted(kinds.size() * size()),
          site.server().residentMib());
      for (int i = 0; i < kinds.size(); i++) {
        note(found, kinds.get(i).name() + " delivery, p50", delays.get(i).millis(0.5));
        note(found, kinds.get(i).name() + " delivery, p99", delays.get(i).millis(0.99));
        count(found, kinds.get(i).name(), crowds.get(i));
      }
    } finally {
      crowds.forEach(Crowd::close);
    }
  }

  /** All at once, each with the same old place. */
  private void storm(Site site, Kind kind, int replay, Map<String, List<Double>> found) {
    long head = site.publisher().head();
    long start = System.nanoTime();
    try (Crowd crowd = site.crowd(kind, size(), head - replay, (_, _) -> {})) {
      crowd.await(head);
      note(found, kind.name() + " reconnect storm", (System.nanoTime() - start) / 1e9);
      count(found, kind.name() + " storm", crowd);
    }
  }

  private static void count(Map<String, List<Double>> found, String whose, Crowd crowd) {
    note(found, whose + " records lost", (double) crowd.lost());
    note(found, whose + " records repeated", (double) crowd.repeated());
  }

  private static void note(Map<String, List<Double>> found, String name, double value) {
    found.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  private static void add(
      Report report, Map<String, List<Double>> found, @Nullable String withoutGateway) {
    found.forEach(
        (name, rounds) -> {
          if (name.endsWith("p50") || name.endsWith("p99")) {
            report.add(Figure.of(name, rounds, "ms", name.endsWith("p99") ? P99 : null));
          } else if (name.contains("records")) {
            report.add(Figure.of(name, rounds, "records", NONE));
          } else if (name.startsWith("changes")) {
            report.add(Figure.of(name, rounds, "/s", HELD));
          } else {
            report.add(Figure.of(name, rounds, name.contains("memory") ? "MiB" : "s", null));
          }
        });
    if (withoutGateway != null) {
      report.add(Figure.notRun("WebSocket delivery, p99", "ms", P99, withoutGateway));
    }
  }
}
