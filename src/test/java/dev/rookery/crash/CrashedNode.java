package dev.rookery.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.rookery.House;
import dev.rookery.Rookery;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.crash.Plan.Round;
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
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.runs.Boundary;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.Runs;
import dev.rookery.runs.StepState;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Endpoint;
import dev.rookery.tools.NewTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The child process: a whole node that is to be killed. Says what it does in {@code @@} lines. */
final class CrashedNode {
  /** Every effect class, and a sandbox whose record is lost. */
  static final List<String> TOOLS =
      List.of("pure", "keyed", "reconcilable", "sandbox", "sandbox_lost", "unsafe");

  /** What {@code bash} does: in a moment, in a minute, after a minute, in a tenth of a second. */
  static final List<String> COMMANDS = List.of("bash", "bash_long", "bash_late", "bash_brief");

  private static final String SECRET = "hook-secret-1";

  private final Plan plan;
  private final Rookery rookery;
  private final House house;
  private final OrgId org;
  private volatile @Nullable Round round;

  private CrashedNode(Plan plan) {
    this.plan = plan;
    Settings settings =
        new Settings(Path.of(plan.dir()), "127.0.0.1", 0, plan.databaseUrl(), null, plan.env());
    this.rookery = Rookery.start(settings, new Rookery.Extras(List.of(), probe()));
    this.house = rookery.house();
    this.org = rookery.org().id();
  }

  /** One argument, the plan as JSON; then a round per line of input, or {@code end}. */
  static void main(String[] args) throws IOException, InterruptedException {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    CrashedNode node = new CrashedNode(Plan.read(args[0]));
    if (node.house.tools.list(node.org).isEmpty()) {
      CrashedNode.TOOLS.forEach(name -> node.house.tools.create(node.org, node.tool(name)));
    }
    node.settle();
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      if (order.equals("end")) {
        node.rookery.close();
        say("end");
        return;
      }
      node.begin(Round.read(order));
    }
    // The parent is gone.
    Runtime.getRuntime().halt(3);
  }

  static void say(String line) {
    System.out.println("@@ " + line);
    System.out.flush();
  }

  /** A run keeps its thread, so that the thread counts how often it came by. */
  private Boundary.Probe probe() {
    ThreadLocal<Integer> times = ThreadLocal.withInitial(() -> 0);
    return (boundary, _) -> {
      Round now = round;
      if (now != null && boundary.name().equals(now.boundary())) {
        times.set(times.get() + 1);
        if (times.get() == now.occurrence()) {
          say("blocked " + now);
          LockSupport.park();
        }
      }
    };
  }

  private NewTool tool(String name) {
    URI url = URI.create(plan.world().tools() + "/" + name);
    URI lookup = List.of("reconcilable", "sandbox").contains(name) ? url : null;
    EffectClass effect = EffectClass.valueOf(name.replace("_lost", "").toUpperCase(Locale.ROOT));
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
      allow();
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
                house.runs.resolve(org, run.id(), step.seq(), Runs.Resolution.HAPPENED, "the test");
              });
    }
  }

  private void allow() {
    Approvals.Query pending = new Approvals.Query(Approval.State.PENDING, null, null, null, 100);
    for (Approval approval : house.approvals.list(org, pending)) {
      say("allowed " + approval.call().tool() + " " + approval.call().arguments());
      Approval _ =
          house.approvals.answer(
              org, approval.id(), new Answer.AllowOnce(), approval.call().sha256(), "the test");
    }
  }

  private void begin(Round next) {
    round = next;
    Integration bot = bot(next);
    SampleUpdates updates =
        new SampleUpdates(bot(), InstantSource.system(), 1_000L * (next.number() + 1));
    for (String tool : next.tools()) {
      byte[] body =
          Json.write(updates.privateText(next.person(tool), next.line(tool))).getBytes(UTF_8);
      house.inbox.deliver(
          bot,
          house.receivers.of("telegram").orElseThrow(),
          body,
          Map.of("x-telegram-bot-api-secret-token", List.of(SECRET)));
    }
    say("accepted " + next);
  }

  /** An agent of its own per round, as those that are stopped hold its places. */
  private Integration bot(Round next) {
    String name = "rook-" + next.number();
    Agent rook = house.agents.create(org, new NewAgent(name, name, "Use the tools.", null));
    Verdict verdict = next.asks() ? Verdict.ASK : Verdict.ALLOW;
    TOOLS.forEach(tool -> house.grants.put(org, rook.id(), new Grant(tool, verdict)));
    if (next.inSandbox()) {
      house.grants.put(org, rook.id(), new Grant("bash", verdict));
      say("home " + next.number() + " " + house.hands.sandboxes.get().home(org, rook.id()).path());
    }
    LocalBotApi.Bot bot = bot();
    return house.integrations.create(
        org,
        new NewIntegration(
            "telegram",
            name,
            Json.object()
                .put("base_url", plan.world().botApi())
                .put("bot_username", bot.username())
                .put("bot_id", bot.id()),
            Map.of("bot_token", bot.token(), "webhook_secret", SECRET),
            List.of(rook.id())));
  }
}
