package dev.rookery.sandbox;

import dev.rookery.homes.AgentHome;
import dev.rookery.homes.Quiesce;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.Cancellation;
import dev.rookery.posix.SpawnFailure;
import dev.rookery.sandbox.Outcome.Why;
import dev.rookery.sandbox.confinement.Confinement;
import dev.rookery.sandbox.confinement.Network;
import dev.rookery.sandbox.confinement.Plan;
import dev.rookery.sandbox.confinement.Tier;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sandbox on this machine, whatever the tier. */
final class LocalSandbox implements Sandbox {
  private static final Logger log = LoggerFactory.getLogger(LocalSandbox.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Confinement confinement;
  private final AgentHome home;
  private final LiveCommands live;
  private final String instance;
  private final Semaphore slots;
  private final Map<String, Semaphore> sessions = new ConcurrentHashMap<>();
  private final Map<String, Terminal> terminals = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final int concurrent;
  private final Surroundings surroundings;
  private volatile boolean held;

  /**
   * @param instance names the installation in the marker of its processes
   * @param concurrent how many commands may run at once
   */
  LocalSandbox(
      Confinement confinement, AgentHome home, LiveCommands live, String instance, int concurrent) {
    this.confinement = confinement;
    this.home = home;
    this.live = live;
    this.instance = instance;
    this.concurrent = concurrent;
    this.surroundings = new Surroundings(confinement, home);
    this.slots = new Semaphore(concurrent, true);
  }

  @Override
  public AgentHome home() {
    return home;
  }

  @Override
  public Status status() {
    return new Status(
        confinement.tier(), confinement.home(home), live.count(this::isMine), sessionNames());
  }

  private List<String> sessionNames() {
    try (SafeDirectory top = SafeDirectory.of(home);
        SafeDirectory ours = top.find(".rookery");
        SafeDirectory all = ours == null ? null : ours.find("sessions")) {
      return all == null
          ? List.of()
          : all.names().stream().filter(name -> !name.endsWith(".new")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the sessions of agent " + home.agent() + " cannot be read", e);
    }
  }

  private boolean isMine(Running running) {
    return running.marker().startsWith(prefix());
  }

  private String prefix() {
    return instance + tail(home.agent().value()) + "-";
  }

  /** The last digits of an id are random; a host's name has at most 64 characters. */
  private static String tail(String id) {
    return id.substring(id.length() - 12);
  }

  @Override
  public Outcome exec(Exec exec, OutputSink sink, Cancellation cancellation) {
    StepRef step = exec.step();
    if (step != null) {
      live.supersede(step.run(), step.fence());
    }
    Semaphore session =
        exec.session() == null
            ? new Semaphore(1)
            : sessions.computeIfAbsent(exec.session(), _ -> new Semaphore(1, true));
    if (!acquire(session, cancellation)) {
      return notStarted();
    }
    try {
      if (!acquire(slots, cancellation)) {
        return notStarted();
      }
      try {
        return prepared(exec, exec.step(), sink, cancellation);
      } finally {
        slots.release();
      }
    } finally {
      session.release();
    }
  }

  @Override
  public Outcome execBeside(Exec exec, OutputSink sink, Cancellation cancellation) {
    return prepared(exec, null, sink, cancellation);
  }

  private static Outcome notStarted() {
    return new Outcome.Killed(Why.CANCELLED, "it was cancelled before it started");
  }

  /** False when it was cancelled meanwhile. */
  private static boolean acquire(Semaphore semaphore, Cancellation cancellation) {
    try {
      while (!cancellation.cancelled()) {
        if (semaphore.tryAcquire(50, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * @param owner step whose run ends it, or null
   */
  private Outcome prepared(
      Exec exec, @Nullable StepRef owner, OutputSink sink, Cancellation cancellation) {
    if (held) {
      throw new Refusal(
          Refusal.Kind.UNAVAILABLE,
          "sandbox-busy",
          "The home is being restored from a checkpoint; try again in a moment.");
    }
    if (!(exec.network() instanceof Network.Proxied(var opener))) {
      return connected(exec, owner, sink, cancellation);
    }
    String name = Ids.next("s").substring(20);
    Path socket = home.path().resolve("../../.sockets").normalize().resolve(name);
    try (Network.Opened way = opener.open(socket, home.user())) {
      return connected(exec.with(way.proxy()), owner, sink, cancellation);
    }
  }

  private Outcome connected(
      Exec exec, @Nullable StepRef owner, OutputSink sink, Cancellation cancellation) {
    try {
      prepareHome(exec);
      if (exec.step() == null) {
        return run(exec, owner, new Outputs(sink, null), cancellation);
      }
      try (StepFiles files = StepFiles.begin(home, exec.step(), exec.limits().outputBytes())) {
        Outcome outcome = run(exec, owner, new Outputs(sink, files), cancellation);
        files.finish(outcome);
        return outcome;
      }
    } catch (SpawnFailure e) {
      throw unavailable(e.getMessage());
    }
  }

  private static Refusal unavailable(@Nullable String why) {
    return new Refusal(
        Refusal.Kind.UNAVAILABLE,
        "sandbox-unavailable",
        "The command was not started: " + why + ". Look at: rookery doctor");
  }

  private void prepareHome(Exec exec) {
    try (SafeDirectory top = SafeDirectory.of(home);
        SafeDirectory ours = top.make(".rookery")) {
      if (exec.session() != null) {
        ours.make("sessions").close();
      }
      if (!confinement.ownProcessNamespace()) {
        ours.make("tmp").close();
      }
    }
  }

  private Outcome run(
      Exec exec, @Nullable StepRef owner, Outputs outputs, Cancellation cancellation) {
    if (cancellation.cancelled()) {
      return notStarted();
    }
    Plan plan = plan(exec);
    Started started = start(plan, exec, owner);
    Running running = started.running();
    try (var _ = cancellation.onCancel(() -> running.stop(Why.CANCELLED, "it was cancelled"))) {
      Beginning beginning = new Beginning(outputs.sink());
      Pump pump =
          Pump.start(
              started.child().output(),
              beginning,
              outputs.files(),
              exec.limits().outputBytes(),
              () -> running.stop(Why.OUTPUT, "it wrote more than a gigabyte"));
      feed(started.child().input(), exec.rawInput());
      Outcome outcome = running.await();
      pump.finish(LAST_WORDS);
      if (outcome instanceof Outcome.Exit(int code) && code != 0) {
        refuseWhatNeverStarted(started.child(), beginning.text());
      }
      return outcome;
    } finally {
      live.remove(running);
      closeStatus(started.child());
    }
  }

  /** Where its output goes. */
  private record Outputs(OutputSink sink, @Nullable StepFiles files) {}

  /** A started command. */
  private record Started(Child child, Running running) {}

  private Started start(Plan plan, Exec exec, @Nullable StepRef owner) {
    return live.starting(
        () -> {
          Child child = Child.start(confinement, plan, exec.rawInput().length > 0);
          Running running =
              new Running(confinement, plan, owner, new Running.Started(child.pid(), child.exit()));
          live.add(running);
          return new Started(child, running);
        });
  }

  private Plan plan(Exec exec) {
    String marker = prefix() + numbers.incrementAndGet();
    Map<String, String> environment = surroundings.of(exec, marker);
    String inside = confinement.home(home);
    String step =
        exec.step() == null ? null : inside + "/.rookery/steps/" + exec.step().directory();
    List<String> argv = Wrapper.argv(exec, new Wrapper.Places(inside, step), exec.environment());
    if (exec.network() instanceof Network.Proxy proxy) {
      argv = behind(proxy.prelude(), argv);
    }
    return new Plan(home, argv, environment, inside, exec.limits(), exec.network(), marker, null);
  }

  private static List<String> behind(String prelude, List<String> argv) {
    List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", prelude + "exec \"$@\"", "sh"));
    all.addAll(argv);
    return all;
  }

  /** From a thread of its own: the command may never read. */
  private static void feed(@Nullable OutputStream to, byte[] input) {
    if (to == null) {
      return;
    }
    Thread.ofPlatform()
        .name("sandbox-input")
        .daemon(true)
        .start(
            () -> {
              try (to) {
                to.write(input);
              } catch (IOException e) {
                log.debug("a command did not read its input: {}", e.toString());
              }
            });
  }

  /** Bubblewrap says on its status descriptor with which code the command ended, if it began. */
  private void refuseWhatNeverStarted(Child child, String words) {
    if (confinement.tier() != Tier.BWRAP || child.exit().join() >= 126) {
      return;
    }
    try {
      String status = new String(child.status().readAllBytes(), StandardCharsets.UTF_8);
      if (!status.contains("\"exit-code\"")) {
        throw new SpawnFailure(words.strip().lines().findFirst().orElse("no reason was given"));
      }
    } catch (IOException e) {
      log.warn("bubblewrap's report cannot be read; the exit code is taken as it is", e);
    }
  }

  private static void closeStatus(Child child) {
    try {
      child.status().close();
    } catch (IOException e) {
      log.debug("closing a pipe: {}", e.toString());
    }
  }

  @Override
  public @Nullable Recorded lookUp(StepRef step, int tail) {
    return StepFiles.lookUp(home, step, tail);
  }

  @Override
  public Attestation attest() {
    return Attestor.look(this, confinement.tier(), home.path().resolve("../..").normalize());
  }

  @Override
  public Terminal openPty(TerminalRequest request) {
    Terminal.Parts parts =
        live.starting(
            () -> {
              Plan plan =
                  new Plan(
                      home,
                      request.argv(),
                      surroundings.usual(prefix() + numbers.incrementAndGet()),
                      confinement.home(home),
                      request.limits(),
                      Network.OFF,
                      prefix() + numbers.get(),
                      null);
              Terminal.Parts made = Terminal.start(confinement, plan, request);
              live.add(made.running());
              return made;
            });
    Terminal terminal =
        new Terminal(
            parts,
            ended -> {
              live.remove(parts.running());
              terminals.remove(ended.id());
            });
    terminals.put(terminal.id(), terminal);
    terminal.follow();
    return terminal;
  }

  @Override
  public @Nullable Terminal attach(String terminal) {
    return terminals.get(terminal);
  }

  @Override
  public void idle() {
    live.stop(this::isMine, Why.SHUTDOWN, "the sandbox was put to rest");
    live.awaitNone(this::isMine, Running.GRACE.multipliedBy(2));
  }

  /** Ends all; nothing starts until it is closed. */
  Quiesce.Hold hold() {
    held = true;
    idle();
    slots.acquireUninterruptibly(concurrent);
    idle();
    return () -> {
      slots.release(concurrent);
      held = false;
    };
  }

  @Override
  public void destroy() {
    idle();
    List<Path> all = new ArrayList<>();
    try (var walk = Files.walk(home.path())) {
      walk.forEach(all::add);
      for (Path path : all.reversed()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the home of agent " + home.agent() + " cannot be removed", e);
    }
  }
}
