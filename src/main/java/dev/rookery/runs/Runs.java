package dev.rookery.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Outbox;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.policy.Taint;
import dev.rookery.spend.Spend;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The front door to runs: what dispatch queues, what people see, cancel, and decide. */
public final class Runs {
  /** Why a run waits whose step needs a person's permission. */
  static final String AWAITS_APPROVAL = "approval";

  /** Why a run waits for which there is no money. */
  static final String AWAITS_BUDGET = "budget";

  /** A run that a person answered has at least this long. */
  private static final Duration AT_LEAST = Duration.ofMinutes(5);

  private final Database database;
  private final Journal journal;
  private final Outbox outbox;
  private final Gates gates;
  private final Family family;
  private final RunListeners listeners = new RunListeners();
  private final RunCensus census = new RunCensus();

  /** What may stand between a run and its next step. */
  public record Gates(Approvals approvals, Spend spend) {}

  public Runs(Database database, Journal journal, Outbox outbox, Gates gates) {
    this.database = database;
    this.journal = journal;
    this.outbox = outbox;
    this.gates = gates;
    this.family =
        new Family(
            listeners::ready, (tx, run, by) -> cancel(tx, run.org(), run.id(), new Stop(by, true)));
    gates.approvals().onDecided(this::goOn);
    gates.spend().budgets().onChanged(this::tryBudgetAgain);
  }

  /** In the commit that changes a budget, runs that wait for money may try again. */
  private void tryBudgetAgain(Tx tx, OrgId org) {
    if (RunStore.resumeWaiting(tx, org, AWAITS_BUDGET) > 0) {
      tx.afterCommit(listeners::ready);
    }
  }

  /** In the commit that answers a request, the run may go on; on whatever node. */
  private void goOn(Tx tx, Approval approval) {
    OrgId org = approval.org();
    RunId id = approval.subject().run();
    Run run = RunStore.lock(tx, org, id).orElse(null);
    if (run == null
        || run.status().state() != RunState.WAITING_PERMISSION
        || !AWAITS_APPROVAL.equals(run.status().waitReason())) {
      return;
    }
    long left = run.times().deadline() - approval.times().deadline();
    RunStore.moveDeadline(tx, org, id, tx.now() + Math.max(left, AT_LEAST.toMillis()));
    RunStore.park(tx, org, id, RunState.RUNNING, new RunStore.Parked("answered", tx.now()));
    ObjectNode data =
        Json.object().put("approval", approval.id().value()).put("state", approval.state().label());
    note(tx, run, "run.resumed", data);
    tx.afterCommit(listeners::ready);
  }

  private void note(Tx tx, Run run, String kind, ObjectNode data) {
    JournalEntry e = new JournalEntry(kind, run.id().value(), run.conversation(), data);
    journal.append(tx, run.org(), e.of(run.agent()));
  }

  /** Runs that other runs started. */
  public Family family() {
    return family;
  }

  /** Which runs, newest first; null means any. */
  public record Query(
      @Nullable RunState state, @Nullable AgentId agent, @Nullable RunId before, int limit) {}

  /** What the context of a run holds by now. */
  public Taint taint(Tx tx, OrgId org, RunId run) {
    return RunStore.taint(tx, org, run);
  }

  /** A line of the conversation for a run. */
  public record Input(EventId event, String content, Speaker speaker) {}

  /**
   * Who said it.
   *
   * @param identity such as {@code telegram:int_…:123}
   * @param taint none of somebody who speaks for the organization
   */
  public record Speaker(String identity, Taint taint) {
    public Speaker(String identity, boolean trusted) {
      this(identity, trusted ? Taint.NONE : Taint.UNTRUSTED);
    }
  }

  /**
   * Queues a run. For dispatch, and for the room of workers, whose tasks are events too.
   *
   * @param inputs at least one; whoever spoke last woke the agent, and the run is theirs, unless
   *     its birth says whose
   */
  public void queue(Tx tx, OrgId org, NewRun run, List<Input> inputs) {
    Input input = inputs.getLast();
    NewRun.Birth birth = run.birth();
    RunStore.insert(tx, org, run, birth == null ? input.speaker().identity() : birth.contact());
    inputs.forEach(each -> MessageStore.insertInput(tx, org, run.id(), each));
    ObjectNode data =
        Json.object()
            .put("agent", run.agent().value())
            .put("activation", run.activation().value())
            .put("event", input.event().value());
    JournalEntry e = new JournalEntry("run.queued", run.id().value(), run.conversation(), data);
    journal.append(tx, org, e.of(run.agent()));
    tx.afterCommit(listeners::ready);
  }

  /**
   * One more line for a run that is not over. False when it is over by now.
   *
   * @param delay a queued run does not start sooner than this from now; zero leaves its start alone
   */
  public boolean addInput(Tx tx, OrgId org, RunId id, Input input, Duration delay) {
    Run run = RunStore.lock(tx, org, id).orElse(null);
    if (run == null || run.status().state().over()) {
      return false;
    }
    MessageStore.insertInput(tx, org, id, input);
    if (!delay.isZero() && run.status().state() == RunState.QUEUED) {
      RunStore.postpone(tx, org, id, tx.now() + delay.toMillis());
    }
    ObjectNode data = Json.object().put("event", input.event().value());
    note(tx, run, "run.input_added", data);
    return true;
  }

  /** How many runs of an agent, or with null of all, have not started; counted up to a number. */
  public int queued(Tx tx, OrgId org, @Nullable AgentId agent, int upTo) {
    return RunStore.countQueued(tx, org, agent, upTo);
  }

  /** How many lines a run holds, taken or not. */
  public int inputs(Tx tx, OrgId org, RunId run) {
    return MessageStore.inputs(tx, org, run);
  }

  /** What a conversation's runs of an agent look like to dispatch. */
  public record Open(@Nullable RunId active, @Nullable RunId queued) {}

  public Open open(Tx tx, OrgId org, AgentId agent, String conversation) {
    return RunStore.open(tx, org, agent, conversation);
  }

  public List<Run> list(OrgId org, Query query) {
    return database.read(org, tx -> RunStore.list(tx, org, query));
  }

  /**
   * @throws Refusal {@code run-not-found}
   */
  public Run find(OrgId org, RunId id) {
    return database
        .read(org, tx -> RunStore.find(tx, org, id))
        .orElseThrow(() -> Refusal.notFound("run", id.value()));
  }

  /**
   * Everything journaled of one run.
   *
   * @param attestation what its sandbox was worth when it was first used, as JSON; null when it was
   *     not
   */
  public record Detail(
      Run run,
      List<SeenStep> steps,
      List<SeenMessage> messages,
      List<EventId> events,
      @Nullable String attestation) {
    /** Without where they come from. */
    public List<ModelMessage> said() {
      return messages.stream().map(SeenMessage::message).toList();
    }
  }

  /** A message of the run's context, and where it comes from. */
  public record SeenMessage(ModelMessage message, Provenance from) {}

  /**
   * A step with its history.
   *
   * @param verdict {@code allow} or {@code deny}, for tool calls
   * @param usage tokens, as JSON
   * @param started epoch milliseconds, 0 for not
   */
  public record SeenStep(
      Step step,
      @Nullable String verdict,
      @Nullable String detail,
      @Nullable String usage,
      long started,
      long finished) {}

  /**
   * @throws Refusal {@code run-not-found}
   */
  public Detail detail(OrgId org, RunId id) {
    return database.read(
        org,
        tx -> {
          Run run =
              RunStore.find(tx, org, id).orElseThrow(() -> Refusal.notFound("run", id.value()));
          Map<Integer, StepStore.Seen> seen = new LinkedHashMap<>();
          StepStore.seen(tx, org, id).forEach(s -> seen.put(s.seq(), s));
          List<SeenStep> steps =
              StepStore.list(tx, org, id).stream().map(s -> shown(s, seen.get(s.seq()))).toList();
          return new Detail(
              run,
              steps,
              messages(tx, org, id),
              MessageStore.events(tx, org, id),
              RunStore.attestation(tx, org, id).orElse(null));
        });
  }

  private static List<SeenMessage> messages(Tx tx, OrgId org, RunId id) {
    Iterator<Provenance> from = MessageStore.provenance(tx, org, id).iterator();
    return MessageStore.list(tx, org, id).stream()
        .map(message -> new SeenMessage(message, from.next()))
        .toList();
  }

  private static SeenStep shown(Step step, StepStore.@Nullable Seen seen) {
    return seen == null
        ? new SeenStep(step, null, null, null, 0, 0)
        : new SeenStep(
            step, seen.verdict(), seen.detail(), seen.usage(), seen.started(), seen.finished());
  }

  /** What the sandbox of an agent was worth in the newest of its last 200 runs that used it. */
  public Optional<String> lastAttestation(OrgId org, AgentId agent) {
    return database.read(org, tx -> RunStore.attestation(tx, org, agent));
  }

  /** Runs per state. */
  public Map<String, Long> counts(OrgId org) {
    return database.read(org, tx -> census.counts(tx, org));
  }

  /** What a cancel met. */
  public enum Cancelled {
    CANCELLED,
    ALREADY_DONE
  }

  /**
   * Ends a run in one commit: state, fence and steps. After it no step starts; what was under way
   * is stopped and, if it may have had an effect, recorded as unknown. Idempotent.
   *
   * @throws Refusal {@code run-not-found}
   */
  public Cancelled cancel(OrgId org, RunId id, String by) {
    return database.write(org, tx -> cancel(tx, org, id, by));
  }

  /** As {@link #cancel(OrgId, RunId, String)}, as part of a transaction; children too. */
  public Cancelled cancel(Tx tx, OrgId org, RunId id, String by) {
    Run seen = RunStore.find(tx, org, id).orElseThrow(() -> Refusal.notFound("run", id.value()));
    family.lockParent(tx, seen);
    return cancel(tx, org, id, new Stop(by, false));
  }

  /** Who stops a run, and whether that is because its parent is over. */
  private record Stop(String by, boolean withParent) {}

  private Cancelled cancel(Tx tx, OrgId org, RunId id, Stop stop) {
    Run run = RunStore.lock(tx, org, id).orElseThrow(() -> Refusal.notFound("run", id.value()));
    boolean over = run.status().state().over();
    if (!over) {
      end(tx, run, stop);
    }
    FamilyStore.open(tx, org, id)
        .forEach(child -> cancel(tx, org, child, new Stop(stop.by(), !over)));
    return over ? Cancelled.ALREADY_DONE : Cancelled.CANCELLED;
  }

  private void end(Tx tx, Run run, Stop stop) {
    OrgId org = run.org();
    RunId id = run.id();
    String why = "cancelled by " + stop.by();
    Run.Status status = new Run.Status(RunState.CANCELLED, null, "cancelled", why);
    StepStore.skipPlanned(tx, org, id, why);
    StepStore.markStartedUnknown(tx, org, id, why);
    RunStore.finish(tx, org, id, status);
    gates.approvals().cancelAll(tx, org, id);
    gates.spend().releaseAll(tx, org, id);
    outbox.say(
        tx,
        org,
        new Outbox.Said(run.conversation(), id, id + ":cancelled", "Stopped: " + why + ".", null));
    ObjectNode data = Json.object().put("state", "cancelled").put("by", stop.by());
    note(tx, run, "run.finished", data);
    family.ended(tx, new Family.Ended(run, status, "", stop.withParent()));
    tx.afterCommit(() -> listeners.cancelled(id));
  }

  /** Cancels what is open in a conversation, queued runs too; how many that were. */
  public int cancelConversation(Tx tx, OrgId org, String conversation, String by) {
    List<RunId> open = RunStore.openIn(tx, org, conversation);
    open.forEach(run -> cancel(tx, org, run, by));
    return open.size();
  }

  /** What a person says about a step of which Rookery does not know whether it happened. */
  public enum Resolution {
    HAPPENED,
    RETRY,
    SKIP
  }

  /**
   * Ends the wait of an unknown step; the run goes on and its model is told.
   *
   * @throws Refusal {@code run-not-found}, or {@code not-unknown}
   */
  public void resolve(OrgId org, RunId id, int seq, Resolution resolution, String by) {
    database.write(
        org,
        tx -> {
          Run run =
              RunStore.lock(tx, org, id).orElseThrow(() -> Refusal.notFound("run", id.value()));
          Step step =
              StepStore.list(tx, org, id).stream()
                  .filter(s -> s.seq() == seq && s.state() == StepState.UNKNOWN)
                  .findFirst()
                  .orElseThrow(() -> Resolving.notUnknown(id, seq));
          if (run.status().state() != RunState.WAITING_PERMISSION) {
            throw Resolving.notUnknown(id, seq);
          }
          Resolving.apply(tx, org, run, step, resolution);
          RunStore.park(tx, org, id, RunState.RUNNING, new RunStore.Parked("resolved", tx.now()));
          String how = resolution.name().toLowerCase(Locale.ROOT);
          ObjectNode data = Json.object().put("step", seq).put("resolution", how).put("by", by);
          note(tx, run, "step.resolved", data);
          tx.afterCommit(listeners::ready);
          return resolution;
        });
  }

  /** Called after each commit that made a run ready; must be quick. */
  public void onReady(Runnable listener) {
    listeners.onReady(listener);
  }

  RunListeners listeners() {
    return listeners;
  }

  /** Called on the thread of a run with the words of its model as they come; must not block. */
  public void onToken(Consumer<TokenDelta> listener) {
    listeners.onToken(listener);
  }
}
