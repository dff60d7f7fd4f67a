package dev.rookery.channels.telegram;

import dev.rookery.inbox.Inbox;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.Integrations;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.NodeId;
import dev.rookery.ops.Loop;
import dev.rookery.store.Leases;
import dev.rookery.store.StorageUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the bots that are configured with {@code mode: poll}, for machines without a public
 * address. Of all nodes one polls a bot; the offset is stored, and what comes twice after a crash
 * is a duplicate at the door.
 */
public final class TelegramPolling implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TelegramPolling.class);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration LEASE = Duration.ofSeconds(90);

  private final TelegramPoller poller;
  private final Integrations integrations;
  private final Inbox inbox;
  private final Leases leases;
  private final NodeId node;
  private final Map<IntegrationId, Boolean> polled = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Loop loop;
  private volatile boolean closed;

  public TelegramPolling(
      TelegramPoller poller, Integrations integrations, Inbox inbox, Leases leases, NodeId node) {
    this.poller = poller;
    this.integrations = integrations;
    this.inbox = inbox;
    this.leases = leases;
    this.node = node;
    this.loop = Loop.start("telegram-polling", LOOK, this::look);
  }

  /** The background loops, for health. */
  public List<Loop> loops() {
    return List.of(loop);
  }

  /** Starts to poll what is configured and not polled yet. */
  private boolean look() {
    for (Integration integration : integrations.enabled("telegram")) {
      boolean wanted = integration.config().path("mode").asText("").equals("poll");
      if (wanted && polled.putIfAbsent(integration.id(), true) == null) {
        threads.execute(() -> poll(integration.id()));
      }
    }
    return false;
  }

  private void poll(IntegrationId id) {
    try {
      while (!closed) {
        Integration integration = integrations.locate(id).orElse(null);
        if (integration == null
            || !integration.enabled()
            || !integration.config().path("mode").asText("").equals("poll")
            || !leases.acquire(lease(id), node, LEASE)) {
          return;
        }
        Thread.sleep(step(integration));
      }
    } catch (InterruptedException e) {
      log.debug("polling of {} ends: the server stops", id);
    } catch (RuntimeException e) {
      log.warn("polling of {} stumbled; it goes on in a moment", id, e);
    } finally {
      polled.remove(id);
    }
  }

  /** One getUpdates; returns how long to pause. */
  private Duration step(Integration integration) {
    long offset = integrations.position(integration.org(), integration.id());
    TelegramPoller.Step step =
        poller.poll(integration, offset, (reception, _) -> commit(integration, reception));
    return switch (step) {
      case TelegramPoller.Step.Advanced(long next, _) -> {
        integrations.advance(integration.org(), integration.id(), next);
        yield Duration.ZERO;
      }
      case TelegramPoller.Step.Held(long next, int taken, Duration pause) -> {
        if (taken > 0) {
          integrations.advance(integration.org(), integration.id(), next);
        }
        yield pause;
      }
      case TelegramPoller.Step.Idle() -> Duration.ZERO;
      case TelegramPoller.Step.Retry(Duration pause, String cause) -> {
        log.info("polling of {} goes on in {}: {}", integration, pause, cause);
        yield pause;
      }
      case TelegramPoller.Step.Blocked(String code, String cause, Duration pause) -> {
        log.warn("{} cannot be polled ({}): {}. Next try in {}", integration, code, cause, pause);
        yield pause;
      }
    };
  }

  private boolean commit(Integration integration, Reception reception) {
    try {
      switch (reception) {
        case Reception.Accepted(var inbound) -> inbox.acceptAll(integration.org(), inbound, null);
        case Reception.Skipped skipped -> inbox.skip(integration, skipped);
        case Reception.Rejected(_, String code, String why) ->
            inbox.skip(integration, new Reception.Skipped("", code, why));
      }
      return true;
    } catch (StorageUnavailable e) {
      return false;
    }
  }

  private static String lease(IntegrationId id) {
    return "poll:" + id;
  }

  @Override
  public void close() {
    closed = true;
    loop.close();
    threads.shutdownNow();
    List.copyOf(polled.keySet()).forEach(id -> leases.release(lease(id), node));
    threads.close();
  }
}
