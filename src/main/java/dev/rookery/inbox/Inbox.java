package dev.rookery.inbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.integrations.Integration;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Text;
import dev.rookery.ops.PerMinute;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The door. Verifies, deduplicates and commits; only then is a delivery acknowledged. Every
 * delivery leaves an ingress record that says what was decided and why.
 */
public final class Inbox {
  /** Of one source; what is beyond it is refused and not recorded. */
  private static final int REJECTIONS_PER_MINUTE = 100;

  private static final int MAX_HEADER = 200;
  private static final List<String> KEPT_HEADERS =
      List.of("content-type", "content-length", "user-agent", "x-forwarded-for");

  private final Database database;
  private final Journal journal;
  private final PerMinute<String> rejections = new PerMinute<>(REJECTIONS_PER_MINUTE);
  private final List<BiConsumer<OrgId, String>> listeners = new CopyOnWriteArrayList<>();

  public Inbox(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  /** What became of one fact. A duplicate names the event of the first delivery. */
  public record Accepted(EventId event, boolean duplicate) {}

  /**
   * What a delivery is answered.
   *
   * @param status HTTP status: 200, or what the channel's verification says
   */
  public record Answer(int status, String code, String why, List<Accepted> accepted) {
    public Answer {
      accepted = List.copyOf(accepted);
    }
  }

  /** One webhook delivery: verified over its raw bytes, parsed, committed, answered. */
  public Answer deliver(
      Integration integration, Receiver receiver, byte[] body, Map<String, List<String>> headers) {
    return switch (receiver.receive(integration, body, headers)) {
      case Receiver.Reception.Accepted(var inbound) ->
          new Answer(200, "accepted", "", acceptAll(integration.org(), inbound, null));
      case Receiver.Reception.Skipped skipped -> {
        skip(integration, skipped);
        yield new Answer(200, skipped.code(), skipped.why(), List.of());
      }
      case Receiver.Reception.Rejected rejected -> {
        reject(integration.org(), integration.source(), rejected, body, headers);
        yield new Answer(rejected.status(), rejected.code(), rejected.why(), List.of());
      }
    };
  }

  /**
   * Commits facts in one transaction.
   *
   * @param target the agent that is called directly, or null
   */
  public List<Accepted> acceptAll(OrgId org, List<Inbound> inbound, @Nullable AgentId target) {
    List<EventStore.Written> facts = inbound.stream().map(EventStore.Written::of).toList();
    return database.write(
        org,
        tx -> {
          List<Accepted> accepted = new ArrayList<>();
          for (EventStore.Written fact : facts) {
            accepted.add(accept(tx, org, fact, target));
          }
          return accepted;
        });
  }

  /** As {@link #acceptAll}, for one fact, in a transaction of the caller's. */
  public Accepted accept(Tx tx, OrgId org, Inbound fact, @Nullable AgentId target) {
    return accept(tx, org, EventStore.Written.of(fact), target);
  }

  private Accepted accept(Tx tx, OrgId org, EventStore.Written written, @Nullable AgentId target) {
    Inbound fact = written.inbound();
    EventId fresh = EventStore.insert(tx, org, written, target).orElse(null);
    EventId event = fresh == null ? EventStore.existing(tx, org, fact) : fresh;
    boolean duplicate = fresh == null;
    EventStore.ingress(
        tx,
        org,
        new Ingress(
            Ids.next("ing"),
            fact.origin().source(),
            duplicate ? "duplicate" : "accepted",
            duplicate ? "duplicate" : "accepted",
            duplicate ? "The same fact was delivered before." : "",
            event,
            null,
            null));
    if (!duplicate) {
      ObjectNode data =
          Json.object()
              .put("source", fact.origin().source())
              .put("type", fact.type())
              .put("actor", fact.actor().name());
      String conversation = fact.place().conversationKey();
      journal.append(
          tx, org, new JournalEntry("event.accepted", event.value(), conversation, data));
      tx.afterCommit(() -> listeners.forEach(l -> l.accept(org, conversation)));
    }
    return new Accepted(event, duplicate);
  }

  /** Records a genuine delivery that nothing is to be done about. */
  public void skip(Integration integration, Receiver.Reception.Skipped skipped) {
    database.write(
        integration.org(),
        tx -> {
          Ingress ingress =
              new Ingress(
                  Ids.next("ing"),
                  integration.source(),
                  "skipped",
                  skipped.code(),
                  skipped.why(),
                  null,
                  null,
                  null);
          EventStore.ingress(tx, integration.org(), ingress);
          return ingress;
        });
  }

  /**
   * Rejected deliveries are recorded at a bounded rate, so that a flood of them cannot fill the
   * disk.
   *
   * @param source where it came in, such as {@code telegram:int_…}
   * @param headers lower-case names
   */
  public void reject(
      OrgId org,
      String source,
      Receiver.Reception.Rejected rejected,
      byte[] body,
      Map<String, List<String>> headers) {
    if (!rejections.take(source)) {
      return;
    }
    database.write(
        org,
        tx -> {
          Ingress ingress =
              new Ingress(
                  Ids.next("ing"),
                  source,
                  "rejected",
                  rejected.code(),
                  rejected.why(),
                  null,
                  Digest.sha256(body),
                  kept(headers));
          EventStore.ingress(tx, org, ingress);
          return ingress;
        });
  }

  /** Names of all headers; values only of those that never hold a secret. */
  private static Map<String, String> kept(Map<String, List<String>> headers) {
    Map<String, String> kept = new TreeMap<>();
    headers.forEach(
        (name, values) -> {
          String value = KEPT_HEADERS.contains(name) ? String.join(", ", values) : "(hidden)";
          kept.put(name, Text.brief(Text.clean(value), MAX_HEADER));
        });
    return kept;
  }

  /** Told after each commit that accepted something new: the organization and the conversation. */
  public void onAccepted(BiConsumer<OrgId, String> listener) {
    listeners.add(listener);
  }
}
