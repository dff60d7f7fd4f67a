package dev.rookery.delivery;

import dev.rookery.inbox.Conversation;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.Integrations;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.OrgId;
import dev.rookery.ops.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows "typing…" where an agent works. Best effort, never in the way of the work. */
public final class Presence implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Presence.class);
  private static final Duration EVERY = Duration.ofSeconds(4);

  private final Integrations integrations;
  private final Senders senders;
  private final Set<Place> places = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Loop loop;

  public Presence(Integrations integrations, Senders senders) {
    this.integrations = integrations;
    this.senders = senders;
    this.loop = Loop.start("presence", EVERY, this::round);
  }

  /** The background loops, for health. */
  public List<Loop> loops() {
    return List.of(loop);
  }

  private record Place(OrgId org, IntegrationId integration, String address, Object token) {}

  /** Work begins; close the result when it ends. */
  public Working working(OrgId org, Conversation conversation) {
    IntegrationId integration = conversation.integration();
    if (integration == null) {
      return () -> {};
    }
    Place place = new Place(org, integration, conversation.address(), new Object());
    places.add(place);
    threads.execute(() -> indicate(place));
    return () -> places.remove(place);
  }

  /** Until it is closed, the conversation sees that the agent works. */
  public interface Working extends AutoCloseable {
    @Override
    void close();
  }

  private boolean round() {
    places.forEach(place -> threads.execute(() -> indicate(place)));
    return false;
  }

  private void indicate(Place place) {
    try {
      integrations
          .find(place.org(), place.integration())
          .filter(Integration::enabled)
          .ifPresent(i -> senders.of(i.channel()).indicate(i, place.address()));
    } catch (RuntimeException e) {
      log.debug("no typing indicator in {}: {}", place.integration(), e.toString());
    }
  }

  @Override
  public void close() {
    loop.close();
    threads.close();
  }
}
