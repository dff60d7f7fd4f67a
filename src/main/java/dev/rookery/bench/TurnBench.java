package dev.rookery.bench;

import dev.rookery.bench.Figure.Aim;
import dev.rookery.demo.LocalBotApi;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench turn}. */
@Command(
    name = "turn",
    description = {
      "From a message posted to the webhook to the reply at the Bot API, both over HTTP.",
      "Event, dispatch, model, tool, model, outbox. The model is scripted and takes no time."
    },
    footer = "  rookery bench turn")
final class TurnBench implements Callable<Integer> {
  private static final Aim P95 = new Aim.AtMost(50);
  private static final int PATIENCE_SECONDS = 60;
  private static final long FIRST_PERSON = 5_000_000;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  TurnBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    Path directory = options.directory("turn");
    String url = options.databaseUrl();
    try (LocalBotApi api = LocalBotApi.start();
        ServerProcess server = ServerProcess.of(new Launch(directory, url, true))) {
      Table table = new Table(api, Bot.connect(server, api, true));
      progress.say("warming up");
      table.turns(8, options.size(800, 8));
      for (int atOnce : List.of(1, 8)) {
        figures(report, progress, table, atOnce);
      }
      Mismatch.unlessEqual("replies", table.asked.get(), api.messages().size());
    }
  }

  private void figures(Report report, Progress progress, Table table, int atOnce)
      throws InterruptedException {
    List<Double> p50 = new ArrayList<>();
    List<Double> p95 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    for (int i = 1; i <= options.rounds(); i++) {
      Latencies latencies = table.turns(atOnce, options.size(100 * atOnce, 8));
      p50.add(latencies.millis(0.50));
      p95.add(latencies.millis(0.95));
      p99.add(latencies.millis(0.99));
      progress.say("%d at a time: round %d".formatted(atOnce, i));
    }
    String name = "turn %%s, %d at a time".formatted(atOnce);
    report.add(figure(name.formatted("p50"), p50, null));
    report.add(figure(name.formatted("p95"), p95, P95));
    report.add(figure(name.formatted("p99"), p99, null));
  }

  private static Figure figure(String name, List<Double> rounds, @Nullable Aim aim) {
    return Figure.of(name, rounds, "ms", aim);
  }

  /** People who write to the bot and wait for its answer. */
  private static final class Table {
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, CompletableFuture<Long>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private final Bot bot;

    Table(LocalBotApi api, Bot bot) {
      this.bot = bot;
      api.onMessage(this::answered);
    }

    private void answered(LocalBotApi.Message message) {
      CompletableFuture<Long> waiter = waiting.remove(message.chat());
      if (waiter != null) {
        waiter.complete(System.nanoTime());
      }
    }

    /** Each turn is the first of a new chat. */
    Latencies turns(int atOnce, int count) throws InterruptedException {
      Latencies latencies = new Latencies();
      Callers.each(
          atOnce,
          count,
          _ -> {
            long time = turn();
            synchronized (latencies) {
              latencies.add(time);
            }
          });
      return latencies;
    }

    private long turn() {
      long person = FIRST_PERSON + asked.getAndIncrement();
      CompletableFuture<Long> answer = new CompletableFuture<>();
      waiting.put(Long.toString(person), answer);
      HttpRequest request =
          HttpRequest.newBuilder(bot.hook())
              .header(Bot.SECRET_HEADER, Bot.SECRET)
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      bot.update(person, BenchEnvironment.QUESTION)))
              .build();
      long start = System.nanoTime();
      post(request);
      return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join() - start;
    }

    private void post(HttpRequest request) {
      try {
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        Mismatch.unlessEqual("as status of a webhook", 200, status);
      } catch (IOException e) {
        throw new Mismatch("A webhook was not answered: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Mismatch("Interrupted while a webhook was under way.");
      }
    }
  }
}
