package dev.rookery.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.bench.Figure.Aim;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench api}. */
@Command(
    name = "api",
    description = "Reads of the HTTP API with 100,000 runs in the embedded store: p50 and p95.",
    footer = "  rookery bench api --json")
final class ApiBench implements Callable<Integer> {
  private static final Aim P95 = new Aim.AtMost(20);

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  ApiBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    if (options.databaseUrl() != null) {
      throw new Mismatch("bench api measures the embedded store; leave out --database-url.");
    }
    int runs = options.size(100_000, 300);
    int calls = options.size(200, 5);
    try (BenchNode node = BenchNode.start(options.directory("api"), null);
        HttpClient client = HttpClient.newHttpClient()) {
      OrgId org = node.org();
      AgentId agent = node.agent(0);
      progress.say("making " + runs + " runs");
      node.house()
          .database()
          .write(
              org,
              tx -> {
                SowStore.sow(
                    tx, org, new SowStore.Past(agent, runs, tx.now() - (runs + 60L) * 1_000));
                return org;
              });
      String key =
          node.house().keys.create(org, new ApiKey.Wish("bench", Role.VIEWER, null)).secret();
      Reader reader = new Reader(client, node.url(), key);
      for (var read : reads(reader, agent, runs).entrySet()) {
        measure(report, new Read(read.getKey(), reader, read.getValue()), calls);
        progress.say(read.getKey() + " done");
      }
    }
  }

  private record Read(String name, Reader reader, String path) {}

  private void measure(Report report, Read read, int calls) throws InterruptedException {
    for (int i = 0; i < calls; i++) {
      JsonNode _ = read.reader().get(read.path());
    }
    List<Double> halves = new ArrayList<>();
    List<Double> most = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      Latencies times = new Latencies();
      for (int i = 0; i < calls; i++) {
        long start = System.nanoTime();
        JsonNode _ = read.reader().get(read.path());
        times.add(System.nanoTime() - start);
      }
      halves.add(times.millis(0.5));
      most.add(times.millis(0.95));
    }
    report.add(Figure.of(read.name() + ", p50", halves, "ms", null));
    report.add(Figure.of(read.name() + ", p95", most, "ms", P95));
  }

  private static Map<String, String> reads(Reader reader, AgentId agent, int runs)
      throws InterruptedException {
    String run = reader.get("/api/v1/runs?state=failed&limit=1").at("/items/0/id").asText();
    String middle = "run_" + reader.middle(runs);
    String talk = reader.get("/api/v1/conversations?key=cli:past-7").at("/items/0/id").asText();
    Map<String, String> reads = new LinkedHashMap<>();
    reads.put("runs", "/api/v1/runs");
    reads.put("runs, page in the middle", "/api/v1/runs?limit=200&before=" + middle);
    reads.put("runs, failed", "/api/v1/runs?state=failed");
    reads.put("runs, waiting (none)", "/api/v1/runs?state=waiting_permission");
    reads.put("runs, of an agent", "/api/v1/runs?agent=" + agent);
    reads.put("run", "/api/v1/runs/" + run);
    reads.put("run, why", "/api/v1/runs/" + run + "/why");
    reads.put("status", "/api/v1/status");
    reads.put("conversations", "/api/v1/conversations");
    reads.put("conversations, of an agent", "/api/v1/conversations?agent=" + agent);
    reads.put("messages of a conversation", "/api/v1/conversations/" + talk + "/messages");
    reads.put("work items", "/api/v1/work-items");
    reads.put("work items, failed", "/api/v1/work-items?state=failed");
    reads.put("work items, open (none)", "/api/v1/work-items?state=open");
    reads.put("activations", "/api/v1/activations");
    reads.put("events of a conversation", "/api/v1/events?conversation=cli:past-7");
    reads.put("journal", "/api/v1/journal?limit=200&after=" + runs);
    return reads;
  }

  /** Reads, one call after the other. */
  private record Reader(HttpClient client, URI url, String key) {
    JsonNode get(String path) throws InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(url.resolve(path))
              .header("Authorization", "Bearer " + key)
              .GET()
              .build();
      try {
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
          throw new Mismatch(path + " answered " + answer.statusCode());
        }
        return Json.parse(answer.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The id, without prefix, of a run half way back in time. */
    String middle(int runs) throws InterruptedException {
      String newest = get("/api/v1/runs?limit=1").at("/items/0/id").asText().substring(4);
      long time = Long.parseLong(newest.substring(0, 12), 16) - runs / 2 * 1_000L;
      return "%012x%020x".formatted(time, runs / 2);
    }
  }
}
