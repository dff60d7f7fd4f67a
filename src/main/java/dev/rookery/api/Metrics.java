package dev.rookery.api;

import dev.rookery.kernel.OrgId;
import dev.rookery.orgs.Org;
import dev.rookery.orgs.Principal;
import dev.rookery.streams.Streams;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Prometheus gets. The registry is made at the first scrape, so that nobody pays for it at
 * start. Figures of an organization carry its id as a label.
 */
final class Metrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Rooms rooms;
  private final Counters counters;
  private final List<Socket> sockets;
  private @Nullable Registered registered;

  /**
   * @param sockets may grow
   */
  Metrics(Rooms rooms, Counters counters, List<Socket> sockets) {
    this.rooms = rooms;
    this.counters = counters;
    this.sockets = sockets;
  }

  /**
   * @param principal who asks from afar, and sees the own organization only; null for this machine
   */
  synchronized String scrape(@Nullable Principal principal) {
    Registered now = registered == null ? new Registered() : registered;
    registered = now;
    now.refresh();
    String text = now.registry.scrape();
    return principal == null ? text : ofOrg(text, principal.org());
  }

  private static String ofOrg(String text, OrgId org) {
    String own = "org=\"" + org + "\"";
    return text.lines()
        .filter(line -> !line.contains("org=\"org_") || line.contains(own))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static double open(List<Socket> sockets) {
    return sockets.stream().mapToInt(socket -> socket.gauges().open()).sum();
  }

  /** Sockets at one path that were closed for one reason. */
  private record Closed(String path, String reason) {}

  private final class Registered {
    private final PrometheusMeterRegistry registry =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Set<Object> known = new HashSet<>();
    private final MultiGauge runs =
        MultiGauge.builder("rookery.runs").description("Runs by state").register(registry);
    private final MultiGauge outbox =
        MultiGauge.builder("rookery.outbox")
            .description("Outgoing messages by state")
            .register(registry);
    private final MultiGauge deadLetters =
        MultiGauge.builder("rookery.dead.letters")
            .description("Events that wait for a person")
            .register(registry);

    @SuppressWarnings("resource") // binds to meters that live as long as the process
    Registered() {
      new JvmMemoryMetrics().bindTo(registry);
      Gauge.builder("rookery.runs.active", rooms.doors().vitals(), Vitals::activeRuns)
          .description("Runs that this node works on")
          .register(registry);
      Gauge.builder("rookery.sockets.open", sockets, Metrics::open)
          .description("WebSockets that are open")
          .register(registry);
      Gauge.builder("rookery.streams.open", rooms.live().streams(), Streams::count)
          .description("Live streams of this node")
          .register(registry);
      FunctionCounter.builder("rookery.streams.dropped", counters, Counters::droppedStreams)
          .description("Clients that did not take their events")
          .register(registry);
    }

    void refresh() {
      counters.http().keySet().stream().filter(known::add).forEach(this::registerHttp);
      counters.received().stream().filter(known::add).forEach(this::registerEvents);
      rooms.doors().vitals().loops().stream()
          .map(Vitals.Pulse::name)
          .filter(known::add)
          .forEach(this::registerLoop);
      sockets.forEach(
          socket ->
              socket.gauges().closed().keySet().stream()
                  .filter(reason -> known.add(new Closed(socket.path(), reason)))
                  .forEach(reason -> registerClosed(socket, reason)));
      List<MultiGauge.Row<?>> runRows = new ArrayList<>();
      List<MultiGauge.Row<?>> outboxRows = new ArrayList<>();
      List<MultiGauge.Row<?>> deadRows = new ArrayList<>();
      for (Org org : rooms.ground().orgs().list()) {
        Tags tags = Tags.of("org", org.id().value());
        rooms
            .flow()
            .runs()
            .counts(org.id())
            .forEach((state, n) -> runRows.add(MultiGauge.Row.of(tags.and("state", state), n)));
        rooms
            .flow()
            .deliveries()
            .counts(org.id())
            .forEach(
                (state, n) ->
                    outboxRows.add(MultiGauge.Row.of(tags.and("state", state.label()), n)));
        deadRows.add(MultiGauge.Row.of(tags, rooms.flow().events().deadLetters(org.id())));
      }
      runs.register(runRows, true);
      outbox.register(outboxRows, true);
      deadLetters.register(deadRows, true);
    }

    private void registerHttp(Counters.Served key) {
      Counters.Sum sum = counters.http().get(key);
      if (sum != null) {
        FunctionTimer.builder(
                "rookery.http.requests",
                sum,
                s -> s.count().sum(),
                s -> s.nanos().sum(),
                TimeUnit.NANOSECONDS)
            .description("Requests by route and status")
            .tags("route", key.route(), "status", Integer.toString(key.status()))
            .register(registry);
      }
    }

    private void registerEvents(Counters.Received key) {
      FunctionCounter.builder("rookery.events", counters, c -> c.events(key))
          .description("Deliveries by what was decided at the door")
          .tags("org", key.org().value(), "decision", key.decision())
          .register(registry);
    }

    private void registerClosed(Socket socket, String reason) {
      FunctionCounter.builder("rookery.sockets.closed", socket, s -> closed(s, reason))
          .description("WebSockets that were closed, by reason")
          .tags("path", socket.path(), "reason", reason)
          .register(registry);
    }

    private static double closed(Socket socket, String reason) {
      return socket.gauges().closed().getOrDefault(reason, 0L);
    }

    private void registerLoop(String name) {
      FunctionCounter.builder("rookery.loop.errors", rooms.doors().vitals(), v -> errors(v, name))
          .description("Rounds of background loops that failed")
          .tags("loop", name)
          .register(registry);
    }

    private static double errors(Vitals vitals, String name) {
      return vitals.loops().stream()
          .filter(loop -> loop.name().equals(name))
          .mapToDouble(Vitals.Pulse::errors)
          .sum();
    }
  }
}
