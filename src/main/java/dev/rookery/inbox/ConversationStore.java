package dev.rookery.inbox;

import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code conversation}. */
final class ConversationStore {
  private static final RowMapper<Conversation> ROW =
      (row, _) -> {
        String integration = row.getString("integration_id");
        return new Conversation(
            row.getString("conversation_key"),
            integration == null ? null : new IntegrationId(integration),
            row.getString("channel"),
            row.getString("address"),
            row.getString("name"),
            row.getInt("direct") == 1,
            row.getLong("cleared_at"));
      };
  private static final String SELECT =
      """
      SELECT c.*, i.channel FROM conversation c
      LEFT JOIN integration i ON i.org_id = c.org_id AND i.id = c.integration_id
      """;

  private ConversationStore() {}

  static void note(Tx tx, OrgId org, Inbound inbound) {
    Inbound.Place place = inbound.place();
    IntegrationId integration = inbound.origin().integration();
    tx.handle()
        .createUpdate(
            """
            INSERT INTO conversation (org_id, conversation_key, integration_id, address, name, direct, cleared_at,
              created_at, last_at, resource)
            VALUES (:org, :key, :integration, :address, :name, :direct, 0, :now, :now, :resource)
            ON CONFLICT (org_id, conversation_key) DO UPDATE SET last_at = :now
            """)
        .bind("org", org.value())
        .bind("key", place.conversationKey())
        .bind("integration", integration == null ? null : integration.value())
        .bind("address", place.address())
        .bind("name", place.name())
        .bind("direct", place.direct() ? 1 : 0)
        .bind("resource", place.resource())
        .bind("now", tx.now())
        .execute();
  }

  static Optional<Conversation> find(Tx tx, OrgId org, String key) {
    return tx.handle()
        .createQuery(SELECT + " WHERE c.org_id = :org AND c.conversation_key = :key")
        .bind("org", org.value())
        .bind("key", key)
        .map(ROW)
        .findOne();
  }

  static List<Conversation> list(Tx tx, OrgId org, int limit) {
    return tx.handle()
        .createQuery(SELECT + " WHERE c.org_id = :org ORDER BY c.created_at DESC LIMIT :limit")
        .bind("org", org.value())
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  static void clear(Tx tx, OrgId org, String key) {
    tx.handle()
        .createUpdate(
            "UPDATE conversation SET cleared_at = :now WHERE org_id = :org AND conversation_key = :key")
        .bind("org", org.value())
        .bind("key", key)
        .bind("now", tx.now())
        .execute();
  }

  static void move(Tx tx, OrgId org, String key, String address) {
    tx.handle()
        .createUpdate(
            "UPDATE conversation SET address = :address WHERE org_id = :org AND conversation_key = :key")
        .bind("org", org.value())
        .bind("key", key)
        .bind("address", address)
        .execute();
  }
}
