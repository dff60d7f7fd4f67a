package dev.rookery.overview;

import dev.rookery.journal.Blobs;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.Text;
import dev.rookery.store.Conditions;
import dev.rookery.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code run} as work items. */
final class WorkStore {
  private static final int TITLE = 120;

  /**
   * Each is asked for once per item of a page; MAX of an expression, or SQLite goes through all
   * ids.
   */
  private static final String SELECT =
      """
      SELECT w.*, c.name AS place_name, c.integration_id, l.id AS last_id, l.state AS last_state,
        l.outcome AS last_outcome, l.finished_at AS last_end, n.event_id, n.content, e.actor,
        (SELECT COUNT(*) FROM run t WHERE t.org_id = w.org_id AND t.request_run = w.id) AS retries,
        (SELECT COALESCE(SUM(s.actual), 0) FROM spend_entry s
          WHERE s.org_id = w.org_id AND s.root_run_id IN (SELECT w.id UNION ALL
            SELECT t.id FROM run t WHERE t.org_id = w.org_id AND t.request_run = w.id)) AS cost
      FROM run w
      LEFT JOIN run l ON l.org_id = w.org_id AND l.id = COALESCE(
        (SELECT MAX(t.id || '') FROM run t WHERE t.org_id = w.org_id AND t.request_run = w.id), w.id)
      LEFT JOIN conversation c ON c.org_id = w.org_id AND c.conversation_key = w.conversation_key
      LEFT JOIN run_input n ON n.run_id = w.id AND n.seq = 1
      LEFT JOIN event e ON e.org_id = w.org_id AND e.id = n.event_id
      """;

  private WorkStore() {}

  static List<WorkItem> list(Tx tx, OrgId org, Overview.WorkQuery query) {
    Conditions where =
        requests(org, query.agent() == null && query.conversation() == null)
            .and("w.agent_id = :agent", "agent", query.agent())
            .and("w.conversation_key = :conversation", "conversation", query.conversation())
            .and("w.id < :before", "before", query.before());
    WorkItem.State state = query.state();
    if (state != null) {
      where.and("COALESCE(l.state, '') IN (" + state.runStates() + ")");
      where.and(among(state, query));
    }
    return tx
        .handle()
        .createQuery(SELECT + where.sql() + " ORDER BY w.id DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("limit", query.limit())
        .map((row, _) -> row(row))
        .list()
        .stream()
        .map(row -> row.item(tx, org))
        .toList();
  }

  /** Delegated runs and retries belong to the item of another run. */
  private static Conditions requests(OrgId org, boolean all) {
    return (all ? Conditions.byId("w.org_id", org) : Conditions.in("w.org_id", org))
        .and("w.parent_run_id IS NULL")
        .and("w.request_run IS NULL");
  }

  /**
   * What is rare is found by its index: the newest that were never retried, no more than a page
   * has, and all that were. Most items are done, and found by going back in time.
   */
  private static String among(WorkItem.State state, Overview.WorkQuery query) {
    if (state == WorkItem.State.DONE) {
      return "1 = 1";
    }
    return """
    w.id IN (SELECT own.id FROM (
        SELECT f.id FROM run f WHERE f.org_id = :org AND f.state IN (STATES)
          AND f.parent_run_id IS NULL AND f.request_run IS NULL AND NOT EXISTS (
            SELECT 1 FROM run t WHERE t.org_id = f.org_id AND t.request_run = f.id)FILTERS
        ORDER BY f.id DESC LIMIT :limit) AS own
      UNION ALL SELECT r.request_run FROM run r
        WHERE r.org_id = :org AND r.request_run IS NOT NULL AND (r.state || '') IN (STATES))
    """
        .replace("STATES", state.runStates())
        .replace(
            "FILTERS",
            (query.agent() == null ? "" : " AND f.agent_id = :agent")
                + (query.conversation() == null ? "" : " AND f.conversation_key = :conversation")
                + (query.before() == null ? "" : " AND f.id < :before"));
  }

  static Optional<WorkItem> find(Tx tx, OrgId org, RunId first) {
    Conditions where = requests(org, false).and("w.id = :id", "id", first);
    return tx.handle()
        .createQuery(SELECT + where.sql())
        .bindMap(where.values())
        .map((row, _) -> row(row))
        .findOne()
        .map(row -> row.item(tx, org));
  }

  /** In order. */
  static List<RunId> runs(Tx tx, OrgId org, RunId first) {
    return tx.handle()
        .createQuery(
            """
            WITH RECURSIVE item (id) AS (
              SELECT id FROM run WHERE org_id = :org AND id = :first
              UNION SELECT id FROM run WHERE org_id = :org AND request_run = :first
              UNION SELECT r.id FROM run r JOIN item ON r.parent_run_id = item.id
                WHERE r.org_id = :org AND r.parent_run_id IS NOT NULL)
            SELECT id FROM item ORDER BY id
            """)
        .bind("org", org.value())
        .bind("first", first.value())
        .map((row, _) -> new RunId(row.getString("id")))
        .list();
  }

  private record Row(WorkItem bare, @Nullable String content, @Nullable String actor) {
    WorkItem item(Tx tx, OrgId org) {
      String text = content == null ? "" : Blobs.load(tx, org, content);
      String title = Text.brief(text.lines().findFirst().orElse("").strip(), TITLE);
      String by = actor == null ? "" : Json.parse(actor).path("name").asText("");
      return new WorkItem(
          bare.first(),
          bare.last(),
          bare.agent(),
          bare.place(),
          new WorkItem.Asked(title, by, bare.asked().event()),
          bare.standing(),
          bare.costMicros());
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    String name = row.getString("place_name");
    String conversation = row.getString("conversation_key");
    WorkItem.State state = WorkItem.State.of(row.getString("last_state"));
    return new Row(
        new WorkItem(
            new RunId(row.getString("id")),
            new RunId(row.getString("last_id")),
            new AgentId(row.getString("agent_id")),
            new WorkItem.Place(
                conversation, name == null ? conversation : name, row.getString("integration_id")),
            new WorkItem.Asked("", "", row.getString("event_id")),
            new WorkItem.Standing(
                state,
                row.getString("last_outcome"),
                1 + row.getInt("retries"),
                row.getLong("created_at"),
                row.getLong("last_end")),
            row.getLong("cost")),
        row.getString("content"),
        row.getString("actor"));
  }
}
