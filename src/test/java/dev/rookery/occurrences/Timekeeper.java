package dev.rookery.occurrences;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.Colony;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Config;
import dev.rookery.activation.ActivationPolicy.Gate;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Standing;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.ActivationPolicy.Wake;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.schedules.Timetable;
import dev.rookery.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A colony whose clock a test winds by hand; nothing moves unless the test says so. */
final class Timekeeper implements AutoCloseable {
  final Colony colony;
  final TestDatabase db;
  final Agent agent;
  Ticker ticker;

  Timekeeper(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), Colony.ECHO);
    this.agent = colony.agent("rook-" + Ids.next("x").substring(20));
    this.ticker = occurrences().ticker();
  }

  Occurrences occurrences() {
    return colony.house().occurrences;
  }

  static ObjectNode every(Duration every) {
    return Json.object().put("prompt", "Look around.").put("every_ms", every.toMillis());
  }

  ActivationPolicy schedule(Trigger trigger, ObjectNode config) {
    ActivationPolicy usual =
        ActivationPolicy.of(colony.org(), agent.id(), Ids.next("schedule"), trigger);
    ActivationPolicy policy = with(usual, config);
    colony.house().activations.add(policy);
    return policy;
  }

  private static ActivationPolicy with(ActivationPolicy policy, ObjectNode config) {
    Config settings = new Config(false, false, Json.canonical(config));
    return new ActivationPolicy(
        policy.id(),
        policy.org(),
        policy.agent(),
        policy.name(),
        new Wake(policy.wake().trigger(), settings, null, Gate.NONE),
        policy.scope(),
        policy.timing(),
        policy.standing());
  }

  void configure(PolicyId id, ObjectNode config) {
    colony.house().activations.change(colony.org(), id, policy -> with(policy, config));
  }

  void stand(PolicyId id, Standing standing) {
    colony.house().activations.change(colony.org(), id, policy -> policy.with(standing));
  }

  void pause(PolicyId id, Instant until) {
    stand(id, new Standing(true, new Pause(until, "holidays")));
  }

  void remove(PolicyId id) {
    colony
        .database()
        .write(
            colony.org(),
            tx -> {
              colony.house().activations.remove(tx, colony.org(), id);
              return id;
            });
  }

  Instant now() {
    return db.clock().instant();
  }

  /** Time passes, and a node looks at the clock once. */
  void tick(Duration passed) {
    db.clock().advance(passed);
    look();
  }

  void look() {
    while (ticker.round()) {
      // there is more
    }
  }

  /** Time passes in small steps. */
  void live(Duration passed, Duration step) {
    for (Duration left = passed; left.isPositive(); left = left.minus(step)) {
      tick(step);
    }
  }

  /** As if all events had been dispatched, and their runs were over. */
  int finishAll() {
    return colony
        .database()
        .write(
            colony.org(),
            tx ->
                tx.handle()
                    .execute(
                        "UPDATE event SET dispatch = 'dispatched' WHERE dispatch = 'pending' AND org_id = ?",
                        colony.org().value()));
  }

  /** Oldest first. */
  List<Occurrence> ledger(PolicyId policy) {
    List<Occurrence> all = new ArrayList<>();
    Instant before = null;
    List<Occurrence> page;
    do {
      page =
          occurrences()
              .occurrences(colony.org(), policy, new Occurrences.Query(null, before, 1_000));
      all.addAll(page);
      before = page.isEmpty() ? before : page.getLast().span().nominal();
    } while (page.size() == 1_000);
    return all.reversed();
  }

  List<String> verdicts(PolicyId policy) {
    return ledger(policy).stream()
        .map(o -> o.ruling().verdict().spelled() + " " + o.ruling().reason())
        .toList();
  }

  long events(PolicyId policy) {
    return colony
        .database()
        .read(
            colony.org(),
            tx ->
                tx.handle()
                    .createQuery(
                        "SELECT COUNT(*) FROM event WHERE org_id = :org AND source = 'schedule' AND dedupe_key LIKE :key")
                    .bind("org", colony.org().value())
                    .bind("key", policy.value() + ":%")
                    .mapTo(Long.class)
                    .one());
  }

  /** The promise: each time in (from, to] has exactly one verdict, and at most one event. */
  void prove(PolicyId policy, Timetable timetable, Instant from, Instant to) {
    List<Instant> expected = timetable.between(from, to, 1_000_000).earliest();
    List<Instant> found = new ArrayList<>();
    List<Occurrence> ledger = ledger(policy);
    for (Occurrence line : ledger) {
      if (!line.byHand()) {
        List<Instant> times =
            timetable
                .between(line.span().nominal().minusMillis(1), line.span().last(), 1_000_000)
                .earliest();
        assertThat(times).hasSize((int) line.span().count());
        found.addAll(times);
      }
    }
    assertThat(found).containsExactlyElementsOf(expected);
    assertThat(events(policy))
        .isEqualTo(ledger.stream().filter(o -> o.outcome().event() != null).count());
  }

  /** The clock serves all organizations, and other tests share the database. */
  @Override
  public void close() {
    colony
        .database()
        .<Integer>write(
            colony.org(),
            tx ->
                tx.handle().execute("DELETE FROM schedule WHERE org_id = ?", colony.org().value()));
    colony.close();
  }
}
