package dev.rookery.tools;

import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.Optional;

/** Rows of {@code todo_list}. */
final class TodoStore {
  private TodoStore() {}

  static Optional<String> find(Tx tx, OrgId org, Todos.Key key) {
    return tx.handle()
        .createQuery(
            """
            SELECT items FROM todo_list
            WHERE org_id = :org AND agent_id = :agent AND conversation_key = :conversation
            """)
        .bind("org", org.value())
        .bind("agent", key.agent().value())
        .bind("conversation", key.conversation())
        .mapTo(String.class)
        .findOne();
  }

  static int put(Tx tx, OrgId org, Todos.Key key, String items) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO todo_list (org_id, agent_id, conversation_key, items, updated_at)
            VALUES (:org, :agent, :conversation, :items, :now)
            ON CONFLICT (org_id, agent_id, conversation_key)
            DO UPDATE SET items = excluded.items, updated_at = excluded.updated_at
            """)
        .bind("org", org.value())
        .bind("agent", key.agent().value())
        .bind("conversation", key.conversation())
        .bind("items", items)
        .bind("now", tx.now())
        .execute();
  }
}
