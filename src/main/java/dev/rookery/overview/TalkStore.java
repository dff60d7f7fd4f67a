package dev.rookery.overview;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Conditions;
import dev.rookery.store.Tx;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;

/** Reads {@code conversation} with what belongs to it. */
final class TalkStore {
  private static final RowMapper<Talk> ROW =
      (row, _) ->
          new Talk(
              row.getString("conversation_key"),
              new Talk.Place(
                  row.getString("integration_id"),
                  row.getString("channel"),
                  row.getString("resource"),
                  row.getString("address"),
                  row.getString("name")),
              row.getInt("direct") == 1,
              row.getLong("created_at"),
              row.getLong("cleared_at"),
              row.getLong("last_at"),
              row.getInt("open_runs"));

  private TalkStore() {}

  static List<Talk> list(Tx tx, OrgId org, Overview.TalkQuery query) {
    Overview.Cursor before = query.before();
    Conditions where =
        Conditions.in("c.org_id", org)
            .and("c.conversation_key = :key", "key", query.key())
            .and("c.integration_id = :integration", "integration", query.integration())
            .and(
                """
                EXISTS (SELECT 1 FROM run r WHERE r.org_id = c.org_id
                  AND r.conversation_key = c.conversation_key AND r.agent_id = :agent)
                """,
                "agent",
                query.agent());
    if (before != null) {
      where
          .and("c.last_at <= :at", "at", before.at())
          .and("(c.last_at < :at OR c.conversation_key < :after)", "after", before.key());
    }
    return tx.handle()
        .createQuery(
            """
            SELECT c.*, i.channel, (SELECT COUNT(*) FROM run o WHERE o.org_id = c.org_id
                AND o.conversation_key = c.conversation_key
                AND o.state IN ('queued', 'running', 'waiting_permission')) AS open_runs
            FROM conversation c LEFT JOIN integration i ON i.org_id = c.org_id AND i.id = c.integration_id
            """
                + where.sql()
                + " ORDER BY c.last_at DESC, c.conversation_key DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("limit", query.limit())
        .map(ROW)
        .list();
  }

  static List<Resource> resources(Tx tx, OrgId org, Overview.ResourceQuery query) {
    Overview.Cursor before = query.before();
    Conditions where =
        Conditions.in("c.org_id", org)
            .and("c.resource IS NOT NULL")
            .and("c.integration_id = :integration", "integration", query.integration());
    String page =
        before == null
            ? ""
            : " HAVING MAX(c.last_at) < :at OR (MAX(c.last_at) = :at AND c.resource < :after)";
    if (before != null) {
      where.values().put("at", before.at());
      where.values().put("after", before.key());
    }
    return tx.handle()
        .createQuery(
            """
            SELECT c.integration_id, i.channel, c.resource, MAX(c.name) AS name, COUNT(*) AS conversations,
              MAX(c.last_at) AS last_at
            FROM conversation c JOIN integration i ON i.org_id = c.org_id AND i.id = c.integration_id
            """
                + where.sql()
                + " GROUP BY c.integration_id, i.channel, c.resource"
                + page
                + " ORDER BY MAX(c.last_at) DESC, c.resource DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("limit", query.limit())
        .map(
            (row, _) ->
                new Resource(
                    row.getString("integration_id"),
                    row.getString("channel"),
                    row.getString("resource"),
                    row.getString("name"),
                    row.getInt("conversations"),
                    row.getLong("last_at")))
        .list();
  }
}
