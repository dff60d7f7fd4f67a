package dev.rookery.inbox;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.journal.Blobs;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Conditions;
import dev.rookery.store.SystemScope;
import dev.rookery.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of {@code event}. */
final class EventStore {
  private EventStore() {}

  /**
   * A fact with its JSON written, which is done outside of the transaction: SQLite has one writer.
   */
  record Written(Inbound inbound, String actor, String content, String payload) {
    static Written of(Inbound inbound) {
      return new Written(
          inbound,
          Json.write(inbound.actor()),
          EventStore.content(inbound),
          Json.write(inbound.payload()));
    }
  }

  /** Empty when the same fact is there already. */
  static Optional<EventId> insert(Tx tx, OrgId org, Written written, @Nullable AgentId target) {
    Inbound inbound = written.inbound();
    IntegrationId integration = inbound.origin().integration();
    return tx.handle()
        .createQuery(
            """
            INSERT INTO event (org_id, id, source, type, integration_id, resource, conversation_key, target_agent, actor,
              content, payload, trust, dedupe_key, occurred_at, received_at, dispatch, dispatch_attempts, dispatch_at)
            VALUES (:org, :id, :source, :type, :integration, :resource, :conversation, :target, :actor,
              :content, :payload, :trust, :dedupe, :occurred, :now, 'pending', 0, :now)
            ON CONFLICT (org_id, source, dedupe_key) DO NOTHING RETURNING id
            """)
        .bind("org", org.value())
        .bind("id", EventId.next().value())
        .bind("source", inbound.origin().source())
        .bind("type", inbound.type())
        .bind("integration", integration == null ? null : integration.value())
        .bind("resource", inbound.place().resource())
        .bind("conversation", inbound.place().conversationKey())
        .bind("target", target == null ? null : target.value())
        .bind("actor", written.actor())
        .bind("content", Blobs.store(tx, org, written.content()))
        .bind("payload", Blobs.store(tx, org, written.payload()))
        .bind("trust", trust(inbound))
        .bind("dedupe", inbound.dedupeKey())
        .bind("occurred", inbound.occurredAt().toEpochMilli())
        .bind("now", tx.now())
        .map((row, _) -> new EventId(row.getString("id")))
        .findOne();
  }

  /** Content and the parts of place and origin that have no column. */
  private static String content(Inbound inbound) {
    return Json.write(
        new Stored(
            inbound.content(),
            inbound.place().address(),
            inbound.place().name(),
            inbound.place().direct(),
            inbound.origin().remoteId()));
  }

  private record Stored(
      Inbound.Content content,
      String address,
      String name,
      boolean direct,
      @Nullable String remoteId) {}

  /** What Rookery itself says on behalf of a stranger is marked as such, and trusted no more. */
  private static String trust(Inbound inbound) {
    Inbound.Actor.Kind kind = inbound.actor().kind();
    if (kind == Inbound.Actor.Kind.SYSTEM && inbound.payload().path("untrusted").asBoolean()) {
      return "unknown";
    }
    return switch (kind) {
      case MEMBER, SYSTEM, SELF -> "member";
      case AGENT -> "agent";
      case PERSON -> "contact";
      case BOT -> "unknown";
    };
  }

  static EventId existing(Tx tx, OrgId org, Inbound inbound) {
    return tx.handle()
        .createQuery(
            "SELECT id FROM event WHERE org_id = :org AND source = :source AND dedupe_key = :dedupe")
        .bind("org", org.value())
        .bind("source", inbound.origin().source())
        .bind("dedupe", inbound.dedupeKey())
        .map((row, _) -> new EventId(row.getString("id")))
        .one();
  }

  static Optional<Event> find(Tx tx, OrgId org, EventId id) {
    return tx.handle()
        .createQuery("SELECT * FROM event WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .map((row, _) -> event(tx, row))
        .findOne();
  }

  /** Newest first. */
  static List<Event> list(Tx tx, OrgId org, Events.Query query) {
    Conditions where =
        (query.conversation() == null ? Conditions.byId("org_id", org) : Conditions.in(org))
            .and("conversation_key = :conversation", "conversation", query.conversation())
            .and("dispatch = :dispatch", "dispatch", query.dispatch())
            .and("id < :before", "before", query.before());
    return tx.handle()
        .createQuery("SELECT * FROM event" + where.sql() + " ORDER BY id DESC LIMIT :limit")
        .bindMap(where.values())
        .bind("limit", query.limit())
        .map((row, _) -> event(tx, row))
        .list();
  }

  /** Events that wait for dispatch, in order of arrival. */
  @SystemScope("dispatch serves all organizations")
  static List<Events.Pending> pending(Tx tx, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT org_id, id, conversation_key FROM event WHERE dispatch = 'pending' AND dispatch_at <= :now
            ORDER BY dispatch_at, id LIMIT :limit
            """)
        .bind("now", tx.now())
        .bind("limit", limit)
        .map(
            (row, _) ->
                new Events.Pending(
                    new OrgId(row.getString("org_id")), row.getString("conversation_key")))
        .list();
  }

  /** The oldest event of a conversation that waits for dispatch, locked until commit. */
  static Optional<Event> nextPending(Tx tx, OrgId org, String conversation) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM event WHERE org_id = :org AND conversation_key = :conversation
            AND dispatch = 'pending' AND dispatch_at <= :now ORDER BY id LIMIT 1
            """
                + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("conversation", conversation)
        .bind("now", tx.now())
        .map((row, _) -> event(tx, row))
        .findOne()
        .filter(event -> event.dispatch().state().equals("pending"));
  }

  /** Whether {@link #nextPending} would find one. */
  static boolean anyPending(Tx tx, OrgId org, String conversation) {
    return tx.handle()
        .createQuery(
            """
            SELECT 1 FROM event WHERE org_id = :org AND conversation_key = :conversation
            AND dispatch = 'pending' AND dispatch_at <= :now LIMIT 1
            """)
        .bind("org", org.value())
        .bind("conversation", conversation)
        .bind("now", tx.now())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static void dispatched(Tx tx, OrgId org, EventId id) {
    dispatch(tx, org, id, new Change("dispatched", null, 0));
  }

  record Change(String state, @Nullable String error, long nextAt) {}

  static void dispatch(Tx tx, OrgId org, EventId id, Change change) {
    tx.handle()
        .createUpdate(
            """
            UPDATE event SET dispatch = :state, dispatch_error = :error, dispatch_at = :next,
              dispatch_attempts = dispatch_attempts + 1
            WHERE org_id = :org AND id = :id
            """)
        .bind("org", org.value())
        .bind("id", id.value())
        .bind("state", change.state())
        .bind("error", change.error())
        .bind("next", change.nextAt())
        .execute();
  }

  private static Event event(Tx tx, ResultSet row) throws SQLException {
    OrgId org = new OrgId(row.getString("org_id"));
    String integration = row.getString("integration_id");
    String target = row.getString("target_agent");
    Stored stored = Json.read(Blobs.load(tx, org, row.getString("content")), Stored.class);
    JsonNode payload = Json.parse(Blobs.load(tx, org, row.getString("payload")));
    Inbound inbound =
        new Inbound(
            new Inbound.Origin(
                row.getString("source"),
                integration == null ? null : new IntegrationId(integration),
                stored.remoteId()),
            row.getString("type"),
            row.getString("dedupe_key"),
            new Inbound.Place(
                row.getString("conversation_key"),
                row.getString("resource"),
                stored.address(),
                stored.name(),
                stored.direct()),
            Json.read(row.getString("actor"), Inbound.Actor.class),
            Instant.ofEpochMilli(row.getLong("occurred_at")),
            stored.content(),
            payload);
    return new Event(
        org,
        new EventId(row.getString("id")),
        inbound,
        target == null ? null : new AgentId(target),
        row.getString("trust"),
        row.getLong("received_at"),
        new Event.Dispatch(
            row.getString("dispatch"),
            row.getInt("dispatch_attempts"),
            row.getString("dispatch_error")));
  }

  static void ingress(Tx tx, OrgId org, Ingress ingress) {
    tx.handle()
        .createUpdate(
            """
            INSERT INTO ingress (org_id, id, source, decision, code, why, event_id, body_sha256, headers, at)
            VALUES (:org, :id, :source, :decision, :code, :why, :event, :sha256, :headers, :now)
            """)
        .bind("org", org.value())
        .bind("id", ingress.id())
        .bind("source", ingress.source())
        .bind("decision", ingress.decision())
        .bind("code", ingress.code())
        .bind("why", ingress.why())
        .bind("event", ingress.event() == null ? null : ingress.event().value())
        .bind("sha256", ingress.bodySha256())
        .bind("headers", ingress.headers() == null ? null : Json.write(ingress.headers()))
        .bind("now", tx.now())
        .execute();
  }

  static long countDead(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery("SELECT count(*) FROM event WHERE org_id = :org AND dispatch = 'dead'")
        .bind("org", org.value())
        .mapTo(Long.class)
        .one();
  }

  static List<Ingress> ingresses(Tx tx, OrgId org, @Nullable String before, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM ingress WHERE org_id = :org
            AND (CAST(:before AS TEXT) IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit
            """)
        .bind("org", org.value())
        .bind("before", before)
        .bind("limit", limit)
        .map((row, _) -> ingress(row))
        .list();
  }

  /** The third condition is that of the index, without which no engine would use it. */
  static List<Ingress> webhookIngresses(
      Tx tx, OrgId org, String source, @Nullable String before, int limit) {
    return tx.handle()
        .createQuery(
            """
            SELECT * FROM ingress WHERE org_id = :org AND source = :source
            AND substr(source, 1, 8) = 'webhook:'
            AND (CAST(:before AS TEXT) IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit
            """)
        .bind("org", org.value())
        .bind("source", source)
        .bind("before", before)
        .bind("limit", limit)
        .map((row, _) -> ingress(row))
        .list();
  }

  private static Ingress ingress(ResultSet row) throws SQLException {
    String event = row.getString("event_id");
    String headers = row.getString("headers");
    return new Ingress(
        row.getString("id"),
        row.getString("source"),
        row.getString("decision"),
        row.getString("code"),
        row.getString("why"),
        event == null ? null : new EventId(event),
        row.getString("body_sha256"),
        headers == null ? null : headers(headers));
  }

  private static Map<String, String> headers(String json) {
    return Json.mapper()
        .convertValue(Json.parse(json), new TypeReference<Map<String, String>>() {});
  }
}
