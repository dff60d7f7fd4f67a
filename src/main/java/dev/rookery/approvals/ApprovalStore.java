package dev.rookery.approvals;

import dev.rookery.journal.Blobs;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Conditions;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of {@code approval} and {@code standing_approval}. */
final class ApprovalStore {
  private ApprovalStore() {}

  static void insert(Tx tx, OrgId org, Approval approval) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO approval (org_id, id, run_id, step, agent_id, conversation_key, tool, arguments, call_sha256,
              rule, why, preview, state, created_at, deadline)
            VALUES (:org, :id, :run, :step, :agent, :conversation, :tool, :arguments, :sha256,
              :rule, :why, :preview, 'pending', :created, :deadline)
            """)
        .bind("org", org.value())
        .bind("id", approval.id().value())
        .bind("run", approval.subject().run().value())
        .bind("step", approval.subject().step())
        .bind("agent", approval.subject().agent().value())
        .bind("conversation", approval.subject().conversation())
        .bind("tool", approval.call().tool())
        .bind("arguments", Blobs.store(tx, org, approval.call().arguments()))
        .bind("sha256", approval.call().sha256())
        .bind("rule", approval.asked().rule())
        .bind("why", approval.asked().why())
        .bind("preview", Blobs.store(tx, org, approval.asked().preview()))
        .bind("created", approval.times().created())
        .bind("deadline", approval.times().deadline())
        .execute();
  }

  /** Ends a pending one; false when it had ended before. */
  static boolean end(Tx tx, OrgId org, Approval ended) {
    Approval.Decision decision = ended.decision();
    return tx.handle()
            .createUpdate(
                """
                UPDATE approval SET state = :state, answer = :answer, words = :words, answered_by = :by,
                  finished_at = :now
                WHERE org_id = :org AND id = :id AND state = 'pending'
                """)
            .bind("org", org.value())
            .bind("id", ended.id().value())
            .bind("state", ended.state().label())
            .bind("answer", decision == null ? null : decision.answer().label())
            .bind("words", decision == null ? null : words(tx, org, decision.answer()))
            .bind("by", decision == null ? null : decision.by())
            .bind("now", tx.now())
            .execute()
        == 1;
  }

  private static @Nullable String words(Tx tx, OrgId org, Answer answer) {
    return switch (answer) {
      case Answer.AllowOnce _, Answer.AllowAlways _ -> null;
      case Answer.Deny(var words) -> words;
      case Answer.Edit(var arguments) -> Blobs.store(tx, org, arguments);
    };
  }

  static Optional<Approval> find(Tx tx, OrgId org, ApprovalId id) {
    return one(tx, org, id, "");
  }

  /** With its row locked until commit. */
  static Optional<Approval> lock(Tx tx, OrgId org, ApprovalId id) {
    return one(tx, org, id, tx.dialect().lockRows());
  }

  private static Optional<Approval> one(Tx tx, OrgId org, ApprovalId id, String suffix) {
    return tx.handle()
        .createQuery("SELECT * FROM approval WHERE org_id = :org AND id = :id" + suffix)
        .bind("org", org.value())
        .bind("id", id.value())
        .map((row, _) -> read(tx, row))
        .findOne();
  }

  /** The latest request of a step. */
  static Optional<Approval> ofStep(Tx tx, OrgId org, RunId run, int step, String tool) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM approval WHERE org_id = :org AND run_id = :run AND step = :step AND tool = :tool
            ORDER BY id DESC LIMIT 1
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .bind("step", step)
        .bind("tool", tool)
        .map((row, _) -> read(tx, row))
        .findOne();
  }

  static List<Approval> pendingOf(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM approval WHERE org_id = :org AND run_id = :run AND state = 'pending' ORDER BY id
            """)
        .bind("org", org.value())
        .bind("run", run.value())
        .map((row, _) -> read(tx, row))
        .list();
  }

  @SystemScope("requests expire whatever organization they belong to")
  static List<Approval> due(Tx tx, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM approval WHERE state = 'pending' AND deadline <= :now ORDER BY deadline LIMIT :limit
            """)
        .bind("now", tx.now())
        .bind("limit", limit)
        .map((row, _) -> read(tx, row))
        .list();
  }

  /** Newest first. */
  static List<Approval> list(Tx tx, OrgId org, Approvals.Query query) {
    Conditions where =
        Conditions.in(org)
            .and("state = :state", "state", query.state() == null ? null : query.state().label())
            .and("run_id = :run", "run", query.run())
            .and("agent_id = :agent", "agent", query.agent())
            .and("id < :before", "before", query.before());
    return tx.handle()
        .createQuery("SELECT * FROM approval" + where.sql() + " ORDER BY id DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("limit", query.limit())
        .map((row, _) -> read(tx, row))
        .list();
  }

  private static Approval read(Tx tx, ResultSet row) throws SQLException {
    OrgId org = new OrgId(row.getString("org_id"));
    return new Approval(
        new ApprovalId(row.getString("id")),
        org,
        new Approval.Subject(
            new RunId(row.getString("run_id")),
            row.getInt("step"),
            new AgentId(row.getString("agent_id")),
            row.getString("conversation_key")),
        new Approval.Call(
            row.getString("tool"),
            Blobs.load(tx, org, row.getString("arguments")),
            row.getString("call_sha256")),
        new Approval.Asked(
            row.getString("rule"),
            row.getString("why"),
            Blobs.load(tx, org, row.getString("preview"))),
        Approval.State.of(row.getString("state")),
        decision(tx, org, row),
        new Approval.Times(row.getLong("created_at"), row.getLong("deadline")));
  }

  private static Approval.@Nullable Decision decision(Tx tx, OrgId org, ResultSet row)
      throws SQLException {
    String answer = row.getString("answer");
    if (answer == null) {
      return null;
    }
    String words = row.getString("words") == null ? "" : row.getString("words");
    return new Approval.Decision(
        switch (answer) {
          case "allow_once" -> new Answer.AllowOnce();
          case "allow_always" -> new Answer.AllowAlways();
          case "deny" -> new Answer.Deny(words);
          case "edit" -> new Answer.Edit(Blobs.load(tx, org, words));
          default -> throw new IllegalStateException("unknown answer " + answer);
        },
        row.getString("answered_by"),
        row.getLong("finished_at"));
  }

  /** The conversation in which the organization's people are asked. */
  static Optional<String> desk(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT conversation_key FROM approval_desk WHERE org_id = :org")
        .bind("org", org.value())
        .mapTo(String.class)
        .findOne();
  }

  static void setDesk(Tx tx, OrgId org, String conversation) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO approval_desk (org_id, conversation_key, updated_at) VALUES (:org, :conversation, :now)
            ON CONFLICT (org_id) DO UPDATE
            SET conversation_key = excluded.conversation_key, updated_at = excluded.updated_at
            """)
        .bind("org", org.value())
        .bind("conversation", conversation)
        .bind("now", tx.now())
        .execute();
  }

  static void removeDesk(Tx tx, OrgId org) {
    tx.handle()
        .createUpdate("DELETE FROM approval_desk WHERE org_id = :org")
        .bind("org", org.value())
        .execute();
  }

  static long pending(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT COUNT(*) FROM approval WHERE org_id = :org AND state = 'pending'")
        .bind("org", org.value())
        .mapTo(Long.class)
        .one();
  }

  static void stand(Tx tx, OrgId org, Approval approval, String by) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO standing_approval (org_id, agent_id, tool, call_sha256, approval_id, created_by, created_at)
            VALUES (:org, :agent, :tool, :sha256, :approval, :by, :now)
            ON CONFLICT (org_id, agent_id, call_sha256) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("agent", approval.subject().agent().value())
        .bind("tool", approval.call().tool())
        .bind("sha256", approval.call().sha256())
        .bind("approval", approval.id().value())
        .bind("by", by)
        .bind("now", tx.now())
        .execute();
  }

  static Optional<ApprovalId> standing(Tx tx, OrgId org, AgentId agent, String sha256) {
    return tx.handle()
        .createQuery(
            """
            SELECT approval_id FROM standing_approval
            WHERE org_id = :org AND agent_id = :agent AND call_sha256 = :sha256
            """)
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("sha256", sha256)
        .map((row, _) -> new ApprovalId(row.getString("approval_id")))
        .findOne();
  }

  static boolean revoke(Tx tx, OrgId org, ApprovalId approval) {
    return tx.handle()
            .createUpdate(
                "DELETE FROM standing_approval WHERE org_id = :org AND approval_id = :approval")
            .bind("org", org.value())
            .bind("approval", approval.value())
            .execute()
        > 0;
  }

  static List<Approvals.Standing> allStanding(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery(
            """
            SELECT s.approval_id, s.agent_id, s.tool, s.created_by, s.created_at, a.arguments
            FROM standing_approval s JOIN approval a ON a.org_id = s.org_id AND a.id = s.approval_id
            WHERE s.org_id = :org ORDER BY s.created_at, s.approval_id
            """)
        .bind("org", org.value())
        .map(
            (row, _) ->
                new Approvals.Standing(
                    new ApprovalId(row.getString("approval_id")),
                    new AgentId(row.getString("agent_id")),
                    row.getString("tool"),
                    Blobs.load(tx, org, row.getString("arguments")),
                    row.getString("created_by"),
                    row.getLong("created_at")))
        .list();
  }
}
