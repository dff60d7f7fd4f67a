package dev.rookery.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Outbox;
import dev.rookery.homes.HomeTrust;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.policy.Taint;
import dev.rookery.secrets.Secrets;
import dev.rookery.spend.Spend;
import dev.rookery.store.Database;
import dev.rookery.store.Patience;
import dev.rookery.store.Tx;
import dev.rookery.tools.EffectClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The journal of one claimed run: read once, then written commit by commit. Memory mirrors what is
 * stored, since the fence makes this owner the only writer; new inputs alone come from elsewhere,
 * and each commit counts them.
 */
final class RunLog {
  private final Ground ground;
  private final Run run;
  private final Patience patience = new Patience(Duration.ofSeconds(60));
  private final List<Step> steps = new ArrayList<>();
  private final List<ModelMessage> messages = new ArrayList<>();
  private Taint taint = Taint.NONE;
  private int openInputs;

  /** What every run log stands on. */
  record Ground(
      Database database,
      Journal journal,
      Outbox outbox,
      Approvals approvals,
      Spend spend,
      Guards guards,
      Family family) {
    IdempotencyKeys keys() {
      return guards.keys();
    }
  }

  /** What calls are known by, what homes are worth, and what is never shown. */
  record Guards(IdempotencyKeys keys, HomeTrust homeTrust, Secrets secrets) {}

  RunLog(Ground ground, Run run) {
    this.ground = ground;
    this.run = run;
    ground
        .database()
        .read(
            run.org(),
            tx -> {
              steps.addAll(StepStore.list(tx, org(), id()));
              messages.addAll(MessageStore.list(tx, org(), id()));
              openInputs = MessageStore.openInputs(tx, org(), id());
              taint = RunStore.taint(tx, org(), id());
              return steps.size();
            });
    reload();
  }

  Run run() {
    return run;
  }

  Ground ground() {
    return ground;
  }

  List<ModelMessage> messages() {
    return messages;
  }

  List<Step> steps() {
    return steps;
  }

  RunMachine.View view(RunMachine.Bounds bounds) {
    return new RunMachine.View(RunState.RUNNING, steps, tail(), openInputs, bounds);
  }

  private RunMachine.Tail tail() {
    if (messages.isEmpty()) {
      return RunMachine.Tail.NOTHING;
    }
    return switch (messages.getLast()) {
      case ModelMessage.User _ -> RunMachine.Tail.USER;
      case ModelMessage.ToolAnswer _ -> RunMachine.Tail.TOOLS;
      case ModelMessage.Assistant _ -> RunMachine.Tail.ASSISTANT;
    };
  }

  /** Takes waiting lines of the conversation in as user messages. */
  void absorb() {
    List<ModelMessage> all =
        commit(
            tx -> {
              int seq = messages.size();
              Taint held = taint;
              for (MessageStore.Taken line : MessageStore.takeInputs(tx, org(), id())) {
                seq++;
                ModelMessage said = new ModelMessage.User(line.content());
                MessageStore.insert(
                    tx, org(), id(), new MessageStore.Heard(seq, said, line.from()));
                held = held.with(line.from().taint());
              }
              RunStore.taint(tx, org(), id(), held);
              return MessageStore.list(tx, org(), id());
            });
    messages.clear();
    messages.addAll(all);
    reload();
  }

  /** The last guard of the promise that what is finished never runs again. */
  void start(Tx tx, StepStore.Started started) {
    if (!StepStore.start(tx, org(), id(), started)) {
      throw new IllegalStateException(
          "step " + started.seq() + " of run " + id() + " is over; it must not start again");
    }
  }

  /**
   * Says the last words and ends; when new lines came meanwhile it says them and goes on. True when
   * over.
   */
  boolean reply(String text) {
    int seq = steps.size() + 1;
    String key = ground.keys().of(id(), seq, "reply", text);
    Step step =
        new Step(
            seq,
            Step.Kind.REPLY,
            StepState.DONE,
            "reply",
            null,
            EffectClass.KEYED,
            new Step.Body(key, Json.write(Json.object().put("text", text)), "", false),
            1);
    boolean over =
        commitEnd(
            tx -> {
              StepStore.insert(tx, org(), id(), step, fence());
              if (!text.isBlank()) {
                ground.outbox().say(tx, org(), said("reply:" + seq, text));
              }
              record(tx, "step.finished", step);
              openInputs = MessageStore.openInputs(tx, org(), id());
              if (openInputs == 0) {
                String how = text.isBlank() ? "no reply" : "replied";
                end(tx, new Run.Status(RunState.DONE, null, null, how), text);
              } else {
                record(tx, "run.continued", step);
              }
              return openInputs == 0;
            });
    put(step);
    return over;
  }

  void fail(FailureReason reason, String detail) {
    commitEnd(
        tx -> {
          StepStore.skipPlanned(tx, org(), id(), reason.label());
          StepStore.markStartedUnknown(tx, org(), id(), reason.label());
          end(tx, new Run.Status(RunState.FAILED, null, reason.label(), detail), "");
          ground.family().abandon(tx, run);
          if (!run.origin().scheduled()) {
            ground.outbox().say(tx, org(), said("failed", FailureNotice.text(run, reason, detail)));
          }
          return reason;
        });
  }

  /** Gives the run back at once, for another owner to go on. */
  void handOver() {
    commit(
        tx -> {
          park(tx, RunState.RUNNING, "handed_over", Duration.ZERO);
          return run;
        });
  }

  /** What the context of the run holds: what it was told, and what it inherited. */
  Taint taint() {
    return taint;
  }

  /** What earlier turns that are shown to the model held. */
  void inherit(Taint past) {
    taint = taint.with(past);
  }

  /** Adds to what the model is shown. Memory follows with {@link #heard}, after the commit. */
  void hear(Tx tx, ModelMessage message, Provenance from) {
    MessageStore.insert(
        tx, org(), id(), new MessageStore.Heard(messages.size() + 1, message, from));
    if (!taint.with(from.taint()).equals(taint)) {
      RunStore.taint(tx, org(), id(), taint.with(from.taint()));
    }
  }

  void heard(ModelMessage message, Provenance from) {
    messages.add(message);
    taint = taint.with(from.taint());
  }

  private void reload() {
    for (Provenance from :
        ground.database().read(org(), tx -> MessageStore.provenance(tx, org(), id()))) {
      taint = taint.with(from.taint());
    }
  }

  /** What is asked of people. */
  Outbox.Said asked(String what, String text) {
    return new Outbox.Said(peopleIn(), id(), id() + ":" + what, voiced(text), null);
  }

  Outbox.Said said(String what, String text) {
    return new Outbox.Said(run.conversation(), id(), id() + ":" + what, text, null);
  }

  void park(Tx tx, RunState state, String reason, Duration time) {
    long wake = tx.now() + time.toMillis();
    RunStore.park(tx, org(), id(), state, new RunStore.Parked(reason, wake));
    ObjectNode data =
        Json.object().put("state", state.label()).put("reason", reason).put("wake_at", wake);
    journal(tx, "run.parked", data);
  }

  /** As {@link #park}, until children end. */
  void awaitChildren(Tx tx, String reason, Duration time) {
    long wake = Math.min(tx.now() + time.toMillis(), run.times().deadline());
    FamilyStore.park(tx, org(), id(), new RunStore.Parked(reason, wake));
    journal(
        tx,
        "run.parked",
        Json.object().put("state", "running").put("reason", reason).put("wake_at", wake));
  }

  /** What people are asked is asked where the root of the tree speaks. */
  String peopleIn() {
    Lineage.Child child = run.origin().lineage().child();
    return child == null ? run.conversation() : child.speaksIn();
  }

  /** Says which worker asks, if one does. */
  String voiced(String text) {
    Lineage.Child child = run.origin().lineage().child();
    return child == null
        ? text
        : "The worker `" + child.name() + "` (`" + id() + "`) asks: " + text;
  }

  /** A person's time to think is not the run's, nor that of those which wait for it. */
  void moveDeadline(Tx tx, long by) {
    long deadline = run.times().deadline() + by;
    RunStore.moveDeadline(tx, org(), id(), deadline);
    ground.family().extend(tx, run, deadline);
  }

  private void end(Tx tx, Run.Status status, String lastWords) {
    ground.approvals().cancelAll(tx, org(), id());
    ground.spend().releaseAll(tx, org(), id());
    RunStore.finish(tx, org(), id(), status);
    ObjectNode data =
        Json.object()
            .put("state", status.state().label())
            .put("failure_reason", status.failureReason())
            .put("outcome", status.outcome());
    journal(tx, "run.finished", data);
    ground.family().ended(tx, new Family.Ended(run, status, lastWords, false));
  }

  void record(Tx tx, String kind, Step step) {
    ObjectNode data =
        Json.object()
            .put("step", step.seq())
            .put("kind", step.kind().label())
            .put("name", step.name())
            .put("state", step.state().label())
            .put("attempt", step.attempts());
    if (step.body().failed()) {
      data.put("failed", true);
    }
    journal(tx, kind, data);
  }

  void journal(Tx tx, String kind, ObjectNode data) {
    ground
        .journal()
        .append(
            tx,
            org(),
            new JournalEntry(kind, id().value(), run.conversation(), data).of(run.agent()));
  }

  <T> T commit(Function<Tx, T> work) {
    return commit(_ -> {}, work);
  }

  /** The parent is told of the end, and its row is locked before that of the child. */
  private <T> T commitEnd(Function<Tx, T> work) {
    return commit(tx -> ground.family().lockParent(tx, run), work);
  }

  private <T> T commit(Consumer<Tx> before, Function<Tx, T> work) {
    return patience.untilStored(
        () ->
            ground
                .database()
                .write(
                    org(),
                    tx -> {
                      before.accept(tx);
                      if (RunStore.hold(tx, org(), id(), fence()) == RunStore.Held.LOST) {
                        throw new LeaseLost(id());
                      }
                      T result = work.apply(tx);
                      openInputs = MessageStore.openInputs(tx, org(), id());
                      return result;
                    }));
  }

  void put(Step step) {
    if (step.seq() <= steps.size()) {
      steps.set(step.seq() - 1, step);
    } else {
      steps.add(step);
    }
  }

  OrgId org() {
    return run.org();
  }

  RunId id() {
    return run.id();
  }

  long fence() {
    return run.lease().fence();
  }
}
