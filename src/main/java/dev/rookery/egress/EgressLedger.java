package dev.rookery.egress;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.Text;
import dev.rookery.secrets.Secrets;
import dev.rookery.store.Database;
import dev.rookery.store.StorageUnavailable;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What left one sandbox: each denial at once, what was allowed as one sum per host at the end.
 * Never paths, headers or bodies. A sandbox that is denied all day long does not fill the journal.
 */
final class EgressLedger {
  private static final Logger log = LoggerFactory.getLogger(EgressLedger.class);
  private static final int MOST_DENIALS = 50;
  private static final int MOST_HOSTS = 200;

  private final Database database;
  private final Journal journal;
  private final Secrets.User user;
  private final Map<String, Sum> hosts = new TreeMap<>();
  private long denials;

  private static final class Sum {
    private long requests;
    private long sent;
    private long received;
  }

  EgressLedger(Database database, Journal journal, Secrets.User user) {
    this.database = database;
    this.journal = journal;
    this.user = user;
  }

  synchronized void allowed(String host) {
    sum(host).requests++;
  }

  synchronized void moved(String host, long sent, long received) {
    Sum sum = sum(host);
    sum.sent += sent;
    sum.received += received;
  }

  private Sum sum(String host) {
    String entered = hosts.containsKey(host) || hosts.size() < MOST_HOSTS ? host : "(others)";
    return hosts.computeIfAbsent(entered, _ -> new Sum());
  }

  /**
   * @param place host and port as they were asked for
   */
  void denied(String place, String why) {
    synchronized (this) {
      denials++;
      if (denials > MOST_DENIALS) {
        return;
      }
    }
    append(
        "egress.denied",
        Json.object().put("place", Text.brief(Text.clean(place), 200)).put("why", why));
  }

  /** Writes the sums, if there is anything to say. */
  void close() {
    ObjectNode data = Json.object();
    synchronized (this) {
      if (hosts.isEmpty() && denials <= MOST_DENIALS) {
        return;
      }
      hosts.forEach(
          (host, sum) ->
              data.withArray("/hosts")
                  .addObject()
                  .put("host", host)
                  .put("requests", sum.requests)
                  .put("bytes_sent", sum.sent)
                  .put("bytes_received", sum.received));
      data.put("denied", denials);
    }
    append("egress.summary", data);
  }

  private void append(String kind, ObjectNode data) {
    RunId run = user.run();
    data.put("agent", user.agent().value()).put("run", run == null ? null : run.value());
    String subject = run == null ? user.agent().value() : run.value();
    try {
      database.write(
          user.org(),
          tx -> {
            journal.append(
                tx, user.org(), new JournalEntry(kind, subject, null, data).of(user.agent()));
            return true;
          });
    } catch (StorageUnavailable e) {
      log.atWarn()
          .addKeyValue("org", user.org())
          .addKeyValue("subject", subject)
          .log("{} could not be written to the journal; the sandbox goes on", kind, e);
    }
  }
}
