package dev.rookery.dispatch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.GateAnswer;
import dev.rookery.activation.Wait;
import dev.rookery.activation.Waits;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Conversation;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Events;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.models.ModelChoice;
import dev.rookery.models.ModelRequest;
import dev.rookery.ops.Loop;
import dev.rookery.orgs.Org;
import dev.rookery.spend.Actual;
import dev.rookery.spend.Money;
import dev.rookery.spend.Purchase;
import dev.rookery.spend.Reservation;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves waits that are due: asks the gate where one is still to be asked, and decides. A wait is
 * claimed for a time; of a node that dies meanwhile another one takes it over, asks again, and
 * wakes once, because the decision and the end of the wait are one commit. No model is called
 * within a transaction.
 */
final class Gatekeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Gatekeeper.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int SIDE_BY_SIDE = 16;
  private static final int MAX_TRIES = 5;
  private static final int SHOWN_LINES = 20;
  private static final Set<String> SHOWN = Set.of("message", "message_edited", "command", "manual");

  private final Dispatch.Rooms rooms;
  private final Dispatch.GateRooms ground;
  private final Waits waits;
  private final Dispatcher dispatcher;
  private final RelevanceGate gate;
  private final Semaphore places = new Semaphore(SIDE_BY_SIDE);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gate-", 0).factory());
  private final Loop loop;

  Gatekeeper(Dispatch.Rooms rooms, Dispatcher dispatcher, RelevanceGate gate) {
    this.rooms = rooms;
    this.ground = rooms.gates();
    this.waits = rooms.activations().waits();
    this.dispatcher = dispatcher;
    this.gate = gate;
    this.loop = Loop.start("gates", POLL, this::round);
  }

  Loop loop() {
    return loop;
  }

  private boolean round() {
    int free = places.drainPermits();
    List<Wait> claimed = List.of();
    try {
      claimed = free == 0 ? List.of() : waits.claim(free, LEASE);
    } finally {
      places.release(free - claimed.size());
    }
    claimed.forEach(wait -> threads.execute(() -> serveAndLeave(wait)));
    return false;
  }

  private void serveAndLeave(Wait wait) {
    try {
      serve(wait);
    } catch (StorageUnavailable e) {
      log.warn("gates wait for the database; nothing is lost: {}", e.getMessage());
    } catch (RuntimeException e) {
      setAside(wait, e);
    } finally {
      places.release();
      loop.wake();
    }
  }

  private void serve(Wait claimed) {
    OrgId org = claimed.org();
    Asker asker = asker(claimed);
    Question question = rooms.database().write(org, tx -> prepare(tx, claimed, asker));
    if (question == null) {
      return;
    }
    RelevanceGate.Reply reply = gate.ask(question.choice(), question.request());
    rooms
        .database()
        .write(
            org,
            tx -> {
              hear(tx, question, reply);
              return question;
            });
  }

  /**
   * Who asks and which model; the model is chosen outside of transactions, as Ollama may be asked.
   */
  private record Asker(Agent agent, @Nullable ModelChoice choice, @Nullable GateAnswer without) {}

  private Asker asker(Wait wait) {
    Agent agent =
        ground
            .agents()
            .find(wait.org(), wait.agent())
            .orElseThrow(() -> new IllegalStateException("no agent " + wait.agent()));
    String usual = ground.orgs().find(wait.org()).map(Org::model).orElse(null);
    try {
      return new Asker(agent, ground.models().chooseForGate(agent.model(), usual), null);
    } catch (Refusal refusal) {
      return new Asker(agent, null, RelevanceGate.noModel(refusal));
    }
  }

  /** A question that money is reserved for. */
  private record Question(
      Wait asking, ModelChoice choice, ModelRequest request, Purchase.Key key) {}

  /** Null when the wait ended without one. */
  private @Nullable Question prepare(Tx tx, Wait claimed, Asker asker) {
    if (claimed.progress().asking()) {
      ground.spend().settle(tx, claimed.org(), key(claimed), new Actual.AsReserved());
      waits.settled(tx, claimed);
    }
    if (dispatcher.settle(tx, claimed, GateAnswer.UNASKED) != Dispatcher.Settled.TO_ASK) {
      return null;
    }
    ModelChoice choice = asker.choice();
    if (choice == null) {
      pass(tx, claimed, asker.without());
      return null;
    }
    ModelRequest request = request(tx, claimed, asker.agent());
    Wait asking = waits.asking(tx, claimed);
    Purchase purchase = purchase(tx, asking, choice, request);
    return switch (ground.spend().reserve(tx, claimed.org(), purchase)) {
      case Reservation.Reserved _ -> new Question(asking, choice, request, purchase.key());
      case Reservation.SoftLimit limit -> {
        broke(tx, asking, limit.sentence());
        yield null;
      }
      case Reservation.HardLimit limit -> {
        broke(tx, asking, limit.sentence());
        yield null;
      }
    };
  }

  private void broke(Tx tx, Wait wait, String why) {
    waits.settled(tx, wait);
    pass(tx, wait, new GateAnswer.Pass("gate-no-money", GateReading.oneLine(why)));
  }

  private void pass(Tx tx, Wait wait, @Nullable GateAnswer answer) {
    if (answer == null) {
      throw new IllegalStateException("neither a model nor a reason for " + wait.key());
    }
    note(tx, wait, "", new Heard(answer, Money.ZERO));
    dispatcher.settle(tx, wait, answer);
  }

  private ModelRequest request(Tx tx, Wait wait, Agent agent) {
    OrgId org = wait.org();
    Event newest = rooms.events().find(tx, org, wait.key().event());
    long since =
        rooms
            .conversations()
            .find(tx, org, wait.conversation())
            .map(Conversation::clearedAt)
            .orElse(0L);
    Events.Query before = new Events.Query(wait.conversation(), null, newest.id(), SHOWN_LINES);
    List<Event> lines = new ArrayList<>();
    rooms.events().list(tx, org, before).reversed().stream()
        .filter(event -> SHOWN.contains(event.what().type()) && event.receivedAt() > since)
        .forEach(lines::add);
    lines.add(newest);
    return GateQuestion.of(agent, about(tx, wait), lines);
  }

  private String about(Tx tx, Wait wait) {
    return rooms
        .activations()
        .find(tx, wait.org(), wait.key().policy())
        .wake()
        .config()
        .relevance()
        .about();
  }

  private Purchase purchase(Tx tx, Wait wait, ModelChoice choice, ModelRequest request) {
    Event event = rooms.events().find(tx, wait.org(), wait.key().event());
    return new Purchase(
        key(wait),
        new Purchase.Payer(wait.agent(), Dispatcher.identity(event), null, null),
        Purchase.Item.ModelCall.of(choice, request).asHelper());
  }

  /** Each attempt of each policy on an event is a call of its own. */
  private static Purchase.Key key(Wait wait) {
    return new Purchase.Key(
        wait.key().event().value(), wait.progress().attempts(), wait.key().policy().value());
  }

  /** Books what the question cost, also when nobody waits for the answer any more, and decides. */
  private void hear(Tx tx, Question question, RelevanceGate.Reply reply) {
    Wait wait = question.asking();
    Money cost = Money.ZERO;
    if (reply.cost() == null) {
      ground.spend().release(tx, wait.org(), question.key());
    } else {
      cost = ground.spend().settle(tx, wait.org(), question.key(), reply.cost());
    }
    waits.settled(tx, wait);
    GateAnswer answer = reply.answer();
    if (answer == null) {
      waits.giveBack(tx, wait, Duration.ZERO);
      return;
    }
    note(tx, wait, question.choice().spelling(), new Heard(answer, cost));
    dispatcher.settle(tx, wait, answer);
  }

  private record Heard(GateAnswer answer, Money cost) {}

  private void note(Tx tx, Wait wait, String model, Heard heard) {
    ObjectNode data =
        Json.object()
            .put("policy", wait.key().policy().value())
            .put("agent", wait.agent().value())
            .put("model", model)
            .put("attempt", wait.progress().attempts())
            .put("cost", heard.cost().toString());
    switch (heard.answer()) {
      case GateAnswer.Respond(var why) -> data.put("answer", "respond").put("why", why);
      case GateAnswer.Pass(var code, var why) ->
          data.put("answer", "pass").put("code", code).put("why", why);
      case GateAnswer.Unasked() -> throw new IllegalStateException("not asked: " + wait.key());
    }
    rooms
        .journal()
        .append(
            tx,
            wait.org(),
            new JournalEntry("gate.asked", wait.key().event().value(), wait.conversation(), data)
                .of(wait.agent()));
  }

  /** Tried again later, by whom it may be; what never works ends as an error that is shown. */
  private void setAside(Wait wait, RuntimeException cause) {
    boolean last = wait.progress().fence() >= MAX_TRIES;
    log.error(
        "the wait of event {} for policy {} broke (try {}); {}",
        wait.key().event(),
        wait.key().policy(),
        wait.progress().fence(),
        last ? "it is decided as an error" : "it is tried again",
        cause);
    String error = cause.getClass().getSimpleName();
    rooms
        .database()
        .write(
            wait.org(),
            tx -> {
              Wait held = waits.held(tx, wait).orElse(null);
              if (held != null && last) {
                ground.spend().settle(tx, held.org(), key(held), new Actual.AsReserved());
                waits.settled(tx, held);
                dispatcher.giveUp(tx, waits.held(tx, wait).orElse(held), Text.brief(error, 100));
              } else if (held != null) {
                waits.giveBack(tx, held, Duration.ofSeconds(1L << wait.progress().fence()));
              }
              return wait;
            });
  }

  /** Asks for a round soon: something may be due. */
  void wake() {
    loop.wake();
  }

  @Override
  public void close() {
    loop.close();
    gate.close();
    threads.close();
  }
}
