package dev.rookery.delivery;

import dev.rookery.kernel.ArtifactId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Conditions;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code artifact}. */
final class ArtifactStore {
  private static final RowMapper<Artifact> ROW =
      (row, _) ->
          new Artifact(
              new ArtifactId(row.getString("id")),
              row.getString("kind"),
              row.getString("name"),
              row.getString("media_type"),
              row.getLong("size"),
              row.getString("sha256"),
              row.getString("remote_id"),
              row.getLong("created_at"));

  private ArtifactStore() {}

  /** The run that made it, or the event that brought it. */
  record Owner(@Nullable String run, @Nullable String event) {
    static Owner of(@Nullable RunId run) {
      return new Owner(run == null ? null : run.value(), null);
    }

    static Owner of(EventId event) {
      return new Owner(null, event.value());
    }
  }

  static void insert(Tx tx, OrgId org, Artifact artifact, Owner owner) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO artifact (org_id, id, run_id, event_id, kind, name, media_type, size, sha256, remote_id, created_at)
            VALUES (:org, :id, :run, :event, :kind, :name, :type, :size, :sha256, :remote, :now)
            """)
        .bind("org", org.value())
        .bind("id", artifact.id().value())
        .bind("run", owner.run())
        .bind("event", owner.event())
        .bind("kind", artifact.kind())
        .bind("name", artifact.name())
        .bind("type", artifact.mediaType())
        .bind("size", artifact.size())
        .bind("sha256", artifact.sha256())
        .bind("remote", artifact.remoteId())
        .bind("now", tx.now())
        .execute();
  }

  static List<Artifact> ofRun(Tx tx, OrgId org, RunId run) {
    return tx.handle()
        .createQuery("SELECT * FROM artifact WHERE org_id = :org AND run_id = :run ORDER BY id")
        .bind("org", org.value())
        .bind("run", run.value())
        .map(ROW)
        .list();
  }

  /** Newest first. */
  static List<Artifact> list(Tx tx, OrgId org, Artifacts.Query query) {
    Conditions where =
        (query.run() == null ? Conditions.byId("org_id", org) : Conditions.in(org))
            .and("run_id = :run", "run", query.run())
            .and("kind = :kind", "kind", query.kind())
            .and("id < :before", "before", query.before());
    return tx.handle()
        .createQuery("SELECT * FROM artifact" + where.sql() + " ORDER BY id DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("limit", query.limit())
        .map(ROW)
        .list();
  }

  static Optional<Artifact> find(Tx tx, OrgId org, ArtifactId id) {
    return tx.handle()
        .createQuery("SELECT * FROM artifact WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  static List<Artifact> ofEvent(Tx tx, OrgId org, EventId event) {
    return tx.handle()
        .createQuery("SELECT * FROM artifact WHERE org_id = :org AND event_id = :event ORDER BY id")
        .bind("org", org.value())
        .bind("event", event.value())
        .map(ROW)
        .list();
  }
}
