package dev.rookery.dispatch;

import dev.rookery.activation.Activation;
import dev.rookery.activation.Activations;
import dev.rookery.activation.Candidate;
import dev.rookery.activation.Decision;
import dev.rookery.activation.Wait;
import dev.rookery.activation.Waits;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines that come while an ambient policy waits for quiet. They are one burst: each new line begins
 * the wait anew and takes the earlier ones with it, and who wakes gets all of them.
 */
final class Bursts {
  private static final Set<String> LINES = Set.of("message", "command");

  private final Activations activations;
  private final Waits waits;

  Bursts(Activations activations) {
    this.activations = activations;
    this.waits = activations.waits();
  }

  /**
   * The waits of a conversation, kept from all others until commit. Taken before the facts are
   * read: whoever ends a wait may have woken its agent.
   */
  List<Wait> lock(Tx tx, Event event) {
    return new ArrayList<>(
        waits.ambientIn(tx, event.org(), event.what().place().conversationKey()));
  }

  /** What an agent that wakes by the newest line has missed, and that line, oldest first. */
  static List<Wait.Line> lines(List<Wait> open, AgentId agent, Wait.Line newest) {
    Map<String, Wait.Line> lines = new LinkedHashMap<>();
    open.stream()
        .filter(wait -> wait.agent().equals(agent))
        .flatMap(wait -> wait.lines().stream())
        .sorted((a, b) -> a.event().value().compareTo(b.event().value()))
        .forEach(line -> lines.put(line.event().value(), line));
    lines.remove(newest.event().value());
    lines.put(newest.event().value(), newest);
    return List.copyOf(lines.values());
  }

  /** An agent woke by an event: what it waited for in this conversation went into the same run. */
  void end(Tx tx, List<Wait> open, AgentId agent, Woken woken) {
    List<Wait> ended = open.stream().filter(wait -> wait.agent().equals(agent)).toList();
    for (Wait wait : ended) {
      String why = "The agent woke here by event %s meanwhile.".formatted(woken.event().id());
      merge(tx, wait, new Decision.Reason("woke-meanwhile", why), woken.run());
      join(tx, wait, woken.run());
      waits.end(tx, wait);
    }
    open.removeAll(ended);
  }

  /** By which event, into which run. */
  record Woken(Event event, RunId run) {}

  /** The earlier lines of a wait that is over went into its run. */
  void join(Tx tx, Wait wait, RunId run) {
    for (Wait.Line line : wait.lines()) {
      activations.joined(tx, wait.org(), new Wait.Key(line.event(), wait.key().policy()), run);
    }
  }

  /**
   * The event is kept until it is due. An ambient wait of the same policy here goes into it; a line
   * that no person wrote does not prolong that.
   */
  void hold(Tx tx, Event event, Decision.Waiting waiting, List<Wait> open, Wait.Line line) {
    Wait before =
        open.stream()
            .filter(wait -> wait.key().policy().equals(waiting.policy()))
            .findFirst()
            .orElse(null);
    long due = tx.now() + waiting.delay().toMillis();
    if (before == null || !waiting.ambient()) {
      begin(tx, event, waiting, new Begun(List.of(line), due));
      return;
    }
    long kept = isHuman(event) ? due : Math.min(due, before.dueAt());
    merge(
        tx,
        before,
        new Decision.Reason(
            "superseded",
            "A newer line began the wait anew; it is decided with event %s.".formatted(event.id())),
        null);
    waits.end(tx, before);
    open.remove(before);
    begin(tx, event, waiting, new Begun(before.linesAnd(line), kept));
  }

  private record Begun(List<Wait.Line> lines, long due) {}

  private void begin(Tx tx, Event event, Decision.Waiting waiting, Begun begun) {
    waits.begin(
        tx,
        event.org(),
        new Wait(
            event.org(),
            new Wait.Key(event.id(), waiting.policy()),
            waiting.agent(),
            event.what().place().conversationKey(),
            waiting.ambient(),
            begun.lines(),
            begun.due(),
            Wait.Progress.NEW));
  }

  /** A person's line restarts the waits that it did not end and that are not about it. */
  void restart(Tx tx, Event event, List<Wait> open, List<Candidate> candidates) {
    if (!isHuman(event)) {
      return;
    }
    for (Wait wait : open) {
      waits.restart(tx, wait, tx.now() + delay(wait.key().policy(), candidates).toMillis());
    }
  }

  private static Duration delay(PolicyId policy, List<Candidate> candidates) {
    return candidates.stream()
        .map(Candidate::policy)
        .filter(p -> p.id().equals(policy))
        .findFirst()
        .map(p -> p.wake().config().relevance().delay())
        .orElse(Duration.ZERO);
  }

  private static boolean isHuman(Event event) {
    Inbound.Actor.Kind kind = event.what().actor().kind();
    boolean person =
        switch (kind) {
          case PERSON, MEMBER -> true;
          case BOT, AGENT, SELF, SYSTEM -> false;
        };
    return person && LINES.contains(event.what().type());
  }

  private void merge(Tx tx, Wait wait, Decision.Reason why, @Nullable RunId run) {
    activations.record(
        tx,
        wait.org(),
        wait.conversation(),
        new Activation(
            ActivationId.next(),
            wait.key().event(),
            wait.key().policy(),
            wait.agent(),
            Decision.Label.MERGED.spelled(),
            why,
            run,
            tx.now()),
        null);
  }
}
