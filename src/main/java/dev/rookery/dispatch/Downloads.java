package dev.rookery.dispatch;

import dev.rookery.delivery.Artifact;
import dev.rookery.delivery.Artifacts;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Receiver;
import dev.rookery.inbox.Receivers;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.Integrations;
import dev.rookery.kernel.IntegrationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Fetches the files of an event through its channel and keeps them as artifacts. */
public final class Downloads implements Attachments {
  private static final int TRIES = 4;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

  private final Receivers receivers;
  private final Integrations integrations;
  private final Artifacts artifacts;

  public Downloads(Receivers receivers, Integrations integrations, Artifacts artifacts) {
    this.receivers = receivers;
    this.integrations = integrations;
    this.artifacts = artifacts;
  }

  @Override
  public List<String> fetch(Event event) {
    List<Artifact> stored = artifacts.ofEvent(event.org(), event.id());
    List<String> notes = new ArrayList<>();
    for (Inbound.Attachment attachment : event.what().content().attachments()) {
      Artifact have =
          stored.stream()
              .filter(a -> attachment.remoteId().equals(a.remoteId()))
              .findFirst()
              .orElse(null);
      notes.add(have == null ? download(event, attachment) : here(have));
    }
    return notes;
  }

  private String download(Event event, Inbound.Attachment attachment) {
    IntegrationId id = event.what().origin().integration();
    Integration integration = id == null ? null : integrations.find(event.org(), id).orElse(null);
    Receiver receiver =
        integration == null ? null : receivers.of(integration.channel()).orElse(null);
    return integration == null || receiver == null
        ? missing(attachment, "its integration is gone")
        : tried(event, attachment, integration, receiver);
  }

  private String tried(
      Event event, Inbound.Attachment attachment, Integration integration, Receiver receiver) {
    String cause = "";
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      switch (receiver.download(integration, attachment)) {
        case Receiver.Download.Bytes(byte[] bytes, String mediaType, String name) -> {
          Artifacts.File file = new Artifacts.File(attachment.remoteId(), name, mediaType, bytes);
          return here(artifacts.storeFile(event.org(), event.id(), file));
        }
        case Receiver.Download.TooLarge(long limit) -> {
          return missing(attachment, "it is larger than " + (limit >> 20) + " MiB");
        }
        case Receiver.Download.Gone(String why) -> {
          return missing(attachment, why);
        }
        case Receiver.Download.Retry(var after, String why) -> {
          cause = why;
          pause(after, attempt);
        }
      }
    }
    return missing(attachment, cause);
  }

  private static void pause(@Nullable Duration asked, int attempt) {
    Duration pause = asked == null ? PAUSE.multipliedBy(attempt) : asked;
    LockSupport.parkNanos(Math.min(pause.toNanos(), MAX_PAUSE.toNanos()));
  }

  private static String here(Artifact artifact) {
    return "file "
        + artifact.name()
        + " ("
        + artifact.mediaType()
        + ", "
        + artifact.size()
        + " bytes, "
        + artifact.id()
        + ")";
  }

  private static String missing(Inbound.Attachment attachment, String why) {
    return "file " + attachment.name() + " could not be fetched: " + why;
  }
}
