package dev.rookery.approvals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.delivery.Outbox;
import dev.rookery.inbox.Conversations;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.ops.Loop;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests for a person's decision (spec 02, approvals): made by runs, answered by people through
 * the API, the command line or a channel, denied when nobody answers in time.
 */
public final class Approvals {
  private static final Duration EXPIRY_ROUND = Duration.ofSeconds(1);
  private static final int MAX_WORDS = 2_000;

  private final Database database;
  private final Journal journal;
  private final Outbox outbox;
  private final Conversations conversations;
  private final ArgumentCheck check;
  private final List<BiConsumer<Tx, Approval>> listeners = new CopyOnWriteArrayList<>();

  /** What is wrong with a tool's arguments, or an empty text. */
  @FunctionalInterface
  public interface ArgumentCheck {
    String violations(Tx tx, OrgId org, String tool, String arguments);
  }

  /** Where people are spoken to. */
  public record Places(Conversations conversations, Outbox outbox) {}

  /**
   * @param check for arguments that a person edits
   */
  public Approvals(Database database, Journal journal, Places places, ArgumentCheck check) {
    this.database = database;
    this.journal = journal;
    this.outbox = places.outbox();
    this.conversations = places.conversations();
    this.check = check;
  }

  /** Which requests, newest first; null means any. */
  public record Query(
      Approval.@Nullable State state,
      @Nullable RunId run,
      @Nullable AgentId agent,
      @Nullable ApprovalId before,
      int limit) {}

  /** A call that a person allowed for always. */
  public record Standing(
      ApprovalId approval, AgentId agent, String tool, String arguments, String by, long since) {}

  /** What a run asks for. */
  public record Request(
      Approval.Subject subject, Approval.Call call, Approval.Asked asked, Duration patience) {}

  /**
   * Stores a request and tells the conversation, in the run's own commit. The run then waits
   * without a thread.
   */
  public Approval request(Tx tx, OrgId org, Request request) {
    Approval approval =
        new Approval(
            ApprovalId.next(),
            org,
            request.subject(),
            request.call(),
            request.asked(),
            Approval.State.PENDING,
            null,
            new Approval.Times(tx.now(), tx.now() + request.patience().toMillis()));
    ApprovalStore.insert(tx, org, approval);
    ObjectNode data =
        data(approval)
            .put("why", approval.asked().why())
            .put("deadline", approval.times().deadline());
    append(tx, approval, "approval.requested", data);
    ask(tx, approval);
    return approval;
  }

  /** At the desk, when the organization has one; else where the run was woken. */
  private void ask(Tx tx, Approval approval) {
    OrgId org = approval.org();
    String here = approval.subject().conversation();
    String desk = ApprovalStore.desk(tx, org).orElse(here);
    outbox.say(tx, org, Wording.question(approval, desk));
    if (!desk.equals(here)) {
      outbox.say(tx, org, Wording.patience(approval));
    }
  }

  /**
   * The conversation in which people are asked; empty when they are asked where a run was woken.
   */
  public Optional<String> desk(OrgId org) {
    return database.read(org, tx -> ApprovalStore.desk(tx, org));
  }

  /** As {@link #desk(OrgId)}, as part of a transaction. */
  public Optional<String> desk(Tx tx, OrgId org) {
    return ApprovalStore.desk(tx, org);
  }

  /**
   * Has all requests of the organization sent to one conversation, such as the operators' group.
   *
   * @param conversation key; null has them sent where a run was woken
   * @throws Refusal {@code conversation-not-found}
   */
  public void setDesk(OrgId org, @Nullable String conversation, String by) {
    database.write(
        org,
        tx -> {
          if (conversation == null) {
            ApprovalStore.removeDesk(tx, org);
          } else {
            if (conversations.find(tx, org, conversation).isEmpty()) {
              throw Refusal.notFound("conversation", conversation);
            }
            ApprovalStore.setDesk(tx, org, conversation);
          }
          ObjectNode data = Json.object().put("conversation", conversation).put("by", by);
          journal.append(
              tx, org, new JournalEntry("approval.desk_changed", org.value(), conversation, data));
          return true;
        });
  }

  /** How many wait for an answer. */
  public long pending(OrgId org) {
    return database.read(org, tx -> ApprovalStore.pending(tx, org));
  }

  /** The latest request about a step, for the use of this tool. */
  public Optional<Approval> ofStep(Tx tx, OrgId org, RunId run, int step, String tool) {
    return ApprovalStore.ofStep(tx, org, run, step, tool);
  }

  /** The approval with which a person allowed this very call to the agent for always. */
  public Optional<ApprovalId> standing(Tx tx, OrgId org, AgentId agent, Approval.Call call) {
    return ApprovalStore.standing(tx, org, agent, call.sha256());
  }

  /** Newest first. */
  public List<Approval> list(OrgId org, Query query) {
    return database.read(org, tx -> ApprovalStore.list(tx, org, query));
  }

  /**
   * @throws Refusal {@code approval-not-found}
   */
  public Approval find(OrgId org, ApprovalId id) {
    return database.read(org, tx -> ApprovalStore.find(tx, org, id).orElseThrow(() -> missing(id)));
  }

  /**
   * Answers a request. The first answer holds; the same again changes nothing and is accepted.
   *
   * @param seen the call's SHA-256 as the person saw it, or null
   * @param by names the person, for the record
   * @throws Refusal {@code approval-not-found}; {@code approval-answered} (409) when it was
   *     answered differently; {@code approval-over} (410) when it expired or the run was cancelled;
   *     {@code call-changed} (409) when the stored call is not what was seen; {@code bad-arguments}
   *     when an edit does not fit the tool
   */
  public Approval answer(
      OrgId org, ApprovalId id, Answer answer, @Nullable String seen, String by) {
    return database.write(org, tx -> answer(tx, org, id, answer, new Voice(seen, by)));
  }

  /** Who answers, and which call they saw. */
  public record Voice(@Nullable String seen, String by) {}

  /** As {@link #answer(OrgId, ApprovalId, Answer, String, String)}, as part of a transaction. */
  public Approval answer(Tx tx, OrgId org, ApprovalId id, Answer answer, Voice voice) {
    Approval approval = ApprovalStore.lock(tx, org, id).orElseThrow(() -> missing(id));
    return switch (AnswerRules.meet(approval, answer, tx.now())) {
      case REPEATS -> approval;
      case CONFLICTS -> throw answeredDifferently(approval);
      case LATE -> throw over(approval);
      case DECIDES -> {
        requireIntact(approval, voice.seen());
        requireFitting(tx, approval, answer);
        yield decide(tx, approval, answer, voice.by());
      }
    };
  }

  private Approval decide(Tx tx, Approval approval, Answer answer, String by) {
    Approval.Decision decision = new Approval.Decision(answer, by, tx.now());
    Approval decided = approval.in(AnswerRules.after(answer), decision);
    ApprovalStore.end(tx, approval.org(), decided);
    if (answer instanceof Answer.AllowAlways) {
      ApprovalStore.stand(tx, approval.org(), approval, by);
    }
    ObjectNode data = data(decided).put("answer", answer.label()).put("by", by);
    Approval.Call allowed = decided.allowed();
    if (allowed != null) {
      data.put("allowed_sha256", allowed.sha256());
    }
    append(tx, decided, "approval." + decided.state().label(), data);
    listeners.forEach(listener -> listener.accept(tx, decided));
    return decided;
  }

  private static void requireIntact(Approval approval, @Nullable String seen) {
    boolean other = seen != null && !seen.equals(approval.call().sha256());
    if (other || !approval.call().intact()) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "call-changed",
          "The call of "
              + approval.id()
              + " is not the one that was shown. Look at it again: rookery approvals show "
              + approval.id());
    }
  }

  private void requireFitting(Tx tx, Approval approval, Answer answer) {
    if (answer instanceof Answer.Edit(var arguments)) {
      String violations = check.violations(tx, approval.org(), approval.call().tool(), arguments);
      if (!violations.isEmpty()) {
        throw Refusal.badInput(
            "bad-arguments",
            "The arguments do not fit %s: %s. Nothing was changed.",
            approval.call().tool(),
            violations);
      }
    }
    if (answer instanceof Answer.Deny(var words) && words.length() > MAX_WORDS) {
      throw Refusal.badInput(
          "words-too-long", "The words may have at most %d characters.", MAX_WORDS);
    }
  }

  private static Refusal answeredDifferently(Approval approval) {
    Approval.Decision decision = approval.decision();
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "approval-answered",
        approval.id()
            + " was answered already: "
            + (decision == null ? "?" : decision.answer().label() + " by " + decision.by())
            + ". The first answer holds.");
  }

  private static Refusal over(Approval approval) {
    String how = approval.state() == Approval.State.CANCELLED ? "was cancelled" : "expired";
    return new Refusal(
        Refusal.Kind.GONE,
        "approval-over",
        approval.id() + " " + how + "; the call is not made. Ask the agent again.");
  }

  /** Ends what a run still asks for, because the run is over. */
  public void cancelAll(Tx tx, OrgId org, RunId run) {
    for (Approval approval : ApprovalStore.pendingOf(tx, org, run)) {
      Approval cancelled = approval.in(Approval.State.CANCELLED, null);
      ApprovalStore.end(tx, org, cancelled);
      append(tx, cancelled, "approval.cancelled", data(cancelled));
    }
  }

  /** Calls that are allowed for always, oldest first. */
  public List<Standing> standing(OrgId org) {
    return database.read(org, tx -> ApprovalStore.allStanding(tx, org));
  }

  /**
   * Takes back what was allowed for always.
   *
   * @throws Refusal {@code standing-approval-not-found}
   */
  public void revoke(OrgId org, ApprovalId id, String by) {
    database.write(
        org,
        tx -> {
          if (!ApprovalStore.revoke(tx, org, id)) {
            throw Refusal.notFound("standing-approval", id.value());
          }
          journal.append(
              tx,
              org,
              new JournalEntry("approval.revoked", id.value(), null, Json.object().put("by", by)));
          return true;
        });
  }

  /** Denies what nobody answered in time, until the result is closed. */
  public Loop serve() {
    return Loop.start("approval-expiry", EXPIRY_ROUND, this::expireDue);
  }

  private boolean expireDue() {
    List<Approval> due = database.readAcrossOrgs(tx -> ApprovalStore.due(tx, 100));
    for (Approval approval : due) {
      database.write(approval.org(), tx -> expire(tx, approval));
    }
    return due.size() == 100;
  }

  private boolean expire(Tx tx, Approval approval) {
    Approval expired = approval.in(Approval.State.EXPIRED, null);
    if (!ApprovalStore.end(tx, approval.org(), expired)) {
      return false;
    }
    append(tx, expired, "approval.expired", data(expired));
    outbox.say(tx, approval.org(), Wording.expired(expired));
    listeners.forEach(listener -> listener.accept(tx, expired));
    return true;
  }

  /** Called in the commit that answers or expires a request. */
  public void onDecided(BiConsumer<Tx, Approval> listener) {
    listeners.add(listener);
  }

  private static Refusal missing(ApprovalId id) {
    return Refusal.notFound("approval", id.value());
  }

  private static ObjectNode data(Approval approval) {
    return Json.object()
        .put("run", approval.subject().run().value())
        .put("step", approval.subject().step())
        .put("tool", approval.call().tool())
        .put("sha256", approval.call().sha256());
  }

  private void append(Tx tx, Approval approval, String kind, ObjectNode data) {
    journal.append(
        tx,
        approval.org(),
        new JournalEntry(kind, approval.id().value(), approval.subject().conversation(), data)
            .of(approval.subject().agent()));
  }
}
