package dev.rookery.crash;

import dev.rookery.House;
import dev.rookery.Rookery;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.Delivery;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.demo.SampleUpdates;
import dev.rookery.inbox.Events;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.models.ToolSpec;
import dev.rookery.ops.Settings;
import dev.rookery.policy.Grant;
import dev.rookery.runs.Boundary;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.Runs;
import dev.rookery.runs.StepState;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Endpoint;
import dev.rookery.tools.NewTool;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The child process: a whole node that is to be killed. Says what it does in {@code @@} lines. */
final class CrashedNode {
  /** Every effect class, and a sandbox whose record is lost. */
  static final List<String> TOOLS =
      List.of("pure", "keyed", "reconcilable", "sandbox", "sandbox_lost", "unsafe");

  private static final String SECRET = "hook-secret-1";
  private static final long LIFETIME_NANOS = Duration.ofMinutes(4).toNanos();

  private final Plan plan;
  private final Rookery rookery;
  private final House house;
  private final OrgId org;
  private volatile boolean armed;

  private CrashedNode(Plan plan) {
    this.plan = plan;
    Settings settings =
        new Settings(Path.of(plan.dir()), "127.0.0.1", 0, plan.databaseUrl(), null, plan.env());
    this.rookery = Rookery.start(settings, new Rookery.Extras(List.of(), probe(plan.round())));
    this.house = rookery.house();
    this.org = rookery.org().id();
  }

  /** One JSON argument: the plan. */
  static void main(String[] args) throws InterruptedException {
    CrashedNode node = new CrashedNode(Plan.read(args[0]));
    if (node.house.agents.list(node.org, null, 1).isEmpty()) {
      node.furnish();
    }
    node.settle();
    Plan.Round round = node.plan.round();
    if (round == null) {
      node.rookery.close();
      say("end");
      return;
    }
    node.armed = true;
    node.begin(round);
    forEver();
  }

  static void say(String line) {
    System.out.println("@@ " + line);
    System.out.flush();
  }

  private static void forEver() throws InterruptedException {
    new CountDownLatch(1).await(LIFETIME_NANOS, java.util.concurrent.TimeUnit.NANOSECONDS);
  }

  /** A run keeps its thread, so that the thread counts how often it came by. */
  private Boundary.Probe probe(Plan.@Nullable Round round) {
    ThreadLocal<Integer> times = ThreadLocal.withInitial(() -> 0);
    return (boundary, _) -> {
      if (armed && round != null && boundary.name().equals(round.boundary())) {
        times.set(times.get() + 1);
        if (times.get() == round.occurrence()) {
          say("blocked");
          try {
            forEver();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
      }
    };
  }

  private void furnish() {
    Agent rook = house.agents.create(org, new NewAgent("rook", "Rook", "Use the tools.", null));
    LocalBotApi.Bot bot = bot();
    house.integrations.create(
        org,
        new NewIntegration(
            "telegram",
            "bot",
            Json.object()
                .put("base_url", plan.world().botApi())
                .put("bot_username", bot.username())
                .put("bot_id", bot.id()),
            Map.of("bot_token", bot.token(), "webhook_secret", SECRET),
            List.of(rook.id())));
    for (String tool : TOOLS) {
      house.tools.create(org, tool(tool));
      house.grants.put(org, rook.id(), new Grant(tool, Grant.Verdict.ALLOW));
    }
  }

  private NewTool tool(String name) {
    URI url = URI.create(plan.world().tools() + "/" + name);
    URI lookup = List.of("reconcilable", "sandbox").contains(name) ? url : null;
    EffectClass effect =
        EffectClass.valueOf(name.replace("_lost", "").toUpperCase(Locale.ROOT));
    return new NewTool(
        new ToolSpec(
            name,
            "Does something in the world.",
            Json.parse("{\"type\":\"object\",\"properties\":{\"note\":{\"type\":\"string\"}}}")),
        new Endpoint(url, "POST", Duration.ofSeconds(60), lookup, true),
        Map.of(),
        effect);
  }

  private static LocalBotApi.Bot bot() {
    return new LocalBotApi.Bot(
        424242, "rookery_bot", "Rook", "424242:LOCAL-" + "not_a_real_token_0123456789");
  }

  /** Waits until nothing is under way; confirms what a person is asked about. */
  private void settle() throws InterruptedException {
    long seen = 0;
    while (busy()) {
      resolveUnknown();
      List<JournalRecord> news = house.journal.await(org, seen, 500, Duration.ofMillis(100));
      seen = news.isEmpty() ? seen : news.getLast().seq();
    }
    say("settled");
  }

  private boolean busy() {
    return !house.events.list(org, new Events.Query(null, "pending", null, 1)).isEmpty()
        || open(RunState.QUEUED)
        || open(RunState.RUNNING)
        || open(RunState.WAITING_PERMISSION)
        || outbox(Delivery.State.PENDING)
        || outbox(Delivery.State.SENDING);
  }

  private boolean open(RunState state) {
    return !house.runs.list(org, new Runs.Query(state, null, null, 1)).isEmpty();
  }

  private boolean outbox(Delivery.State state) {
    return !house.deliveries.list(org, new Deliveries.Query(state, null, null, null, 1)).isEmpty();
  }

  private void resolveUnknown() {
    Runs.Query waiting = new Runs.Query(RunState.WAITING_PERMISSION, null, null, 100);
    for (Run run : house.runs.list(org, waiting)) {
      Runs.Detail detail = house.runs.detail(org, run.id());
      detail.steps().stream()
          .map(Runs.SeenStep::step)
          .filter(step -> step.state() == StepState.UNKNOWN)
          .forEach(
              step -> {
                say("asked " + run.status().waitReason() + " " + step.body().request());
                house.runs.resolve(
                    org, run.id(), step.seq(), Runs.Resolution.HAPPENED, "the test");
              });
    }
  }

  private void begin(Plan.Round round) {
    Integration bot = house.integrations.list(org).getFirst();
    SampleUpdates updates =
        new SampleUpdates(bot(), InstantSource.system(), 1_000L * (round.number() + 1));
    for (String tool : round.tools()) {
      byte[] body =
          Json.write(updates.privateText(round.person(tool), round.line(tool)))
              .getBytes(StandardCharsets.UTF_8);
      house.inbox.deliver(
          bot,
          house.receivers.of("telegram").orElseThrow(),
          body,
          Map.of("x-telegram-bot-api-secret-token", List.of(SECRET)));
    }
    say("accepted");
  }
}
