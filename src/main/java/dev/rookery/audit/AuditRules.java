package dev.rookery.audit;

import dev.rookery.kernel.Actor;
import dev.rookery.kernel.RunId;
import java.util.List;
import java.util.Set;

/**
 * What of the journal is also audited. Pure. What Rookery does by itself is in the journal and
 * nowhere else; what somebody from outside did is audited, except for what only follows from it.
 */
public final class AuditRules {
  /**
   * Follows from a deed that has a record of its own, or from an event that the journal holds:
   * decisions on what wakes whom, messages on their way, money that a call took, requests that
   * ended with their run. Beginnings end with a dot.
   */
  private static final List<String> CONSEQUENCES =
      List.of(
          "activation.",
          "gate.",
          "egress.",
          "spend.",
          "artifact.stored",
          "delivery.queued",
          "delivery.sent",
          "delivery.delayed",
          "approval.requested",
          "approval.cancelled",
          "budget.exhausted",
          "run.parked",
          "run.resumed",
          "secret.used",
          "step.started",
          "step.finished");

  /** What an agent sets up for later, or undoes. Its own steps are told by the journal. */
  private static final List<String> ARRANGEMENTS =
      List.of("policy.", "agent.", "grant.", "network.", "integration.", "worker.cancel");

  private static final Set<String> DEEDS_OF_AGENTS =
      Set.of("checkpoint.restored", "checkpoint.deleted");

  private AuditRules() {}

  /** Whether a journal entry of this kind, made on behalf of the actor, gets an audit record. */
  public static boolean audited(Actor actor, String kind, String subject) {
    return switch (actor) {
      case Actor.ApiKey _, Actor.Member _, Actor.Contact _, Actor.CommandLine _ ->
          !begins(CONSEQUENCES, kind);
      case Actor.Agent(_, RunId run) ->
          begins(ARRANGEMENTS, kind)
              || DEEDS_OF_AGENTS.contains(kind)
              || endsAnother(kind, subject, run);
      case Actor.Inside _ -> false;
    };
  }

  /** A run that stops one of its workers. */
  private static boolean endsAnother(String kind, String subject, RunId run) {
    return kind.equals("run.finished") && !subject.equals(run.value());
  }

  private static boolean begins(List<String> beginnings, String kind) {
    return beginnings.stream().anyMatch(kind::startsWith);
  }
}
