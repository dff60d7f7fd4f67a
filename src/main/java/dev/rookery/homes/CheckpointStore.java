package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.CheckpointId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code checkpoint} and {@code checkpoint_restore}. */
final class CheckpointStore {
  private static final String SELECT =
      """
      SELECT id, agent_id, name, kind, files, size, sha256 FROM checkpoint
      WHERE org_id = :org AND agent_id = :agent
      """;

  private static final RowMapper<Checkpoint> ROW =
      (row, _) ->
          new Checkpoint(
              new CheckpointId(row.getString("id")),
              new AgentId(row.getString("agent_id")),
              row.getString("name"),
              Checkpoint.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
              row.getLong("files"),
              row.getLong("size"),
              row.getString("sha256"));

  private CheckpointStore() {}

  static void insert(Tx tx, OrgId org, Checkpoint checkpoint) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO checkpoint (org_id, id, agent_id, name, kind, files, size, sha256)
            VALUES (:org, :id, :agent, :name, :kind, :files, :size, :sha256)
            """)
        .bind("org", org.value())
        .bind("id", checkpoint.id().value())
        .bind("agent", checkpoint.agent().value())
        .bind("name", checkpoint.name())
        .bind("kind", checkpoint.kind().label())
        .bind("files", checkpoint.files())
        .bind("size", checkpoint.size())
        .bind("sha256", checkpoint.sha256())
        .execute();
  }

  /** Newest first. */
  static List<Checkpoint> all(Tx tx, OrgId org, AgentId agent) {
    return tx.handle()
        .createQuery(SELECT + " ORDER BY id DESC")
        .bind("org", org.value())
        .bind("agent", agent.value())
        .map(ROW)
        .list();
  }

  static Optional<Checkpoint> find(Tx tx, OrgId org, AgentId agent, CheckpointId id) {
    return tx.handle()
        .createQuery(SELECT + " AND id = :id")
        .bind("org", org.value())
        .bind("agent", agent.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  static int delete(Tx tx, OrgId org, CheckpointId id) {
    return tx.handle()
        .createUpdate("DELETE FROM checkpoint WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .execute();
  }

  /** Returns 0 when the outcome was recorded before. */
  static int recordRestore(Tx tx, OrgId org, AgentId agent, RestoreNote note, String outcome) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO checkpoint_restore
              (org_id, backup_id, agent_id, checkpoint_id, outcome, at)
            VALUES (:org, :backup, :agent, :checkpoint, :outcome, :now)
            ON CONFLICT (org_id, backup_id) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("backup", note.backup().value())
        .bind("agent", agent.value())
        .bind("checkpoint", note.checkpoint().value())
        .bind("outcome", outcome)
        .bind("now", tx.now())
        .execute();
  }

  /** The outcome of the restore before which the backup was made. */
  static Optional<String> outcome(Tx tx, OrgId org, CheckpointId backup) {
    return tx.handle()
        .createQuery(
            "SELECT outcome FROM checkpoint_restore WHERE org_id = :org AND backup_id = :backup")
        .bind("org", org.value())
        .bind("backup", backup.value())
        .mapTo(String.class)
        .findOne();
  }
}
