package dev.rookery.delivery;

import dev.rookery.journal.Blobs;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.ArtifactId;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The front door to artifacts. Bodies are stored once by hash. */
public final class Artifacts {
  private final Database database;
  private final Journal journal;

  public Artifacts(Database database, Journal journal) {
    this.database = database;
    this.journal = journal;
  }

  void recordSent(Tx tx, Courier.Sent sent) {
    Delivery delivery = sent.delivery();
    Artifact artifact =
        new Artifact(
            ArtifactId.next(),
            "message",
            delivery.conversation(),
            "text/markdown",
            delivery.message().markdown().length(),
            null,
            sent.remoteId(),
            tx.now());
    RunId run = delivery.run();
    ArtifactStore.insert(tx, delivery.org(), artifact, ArtifactStore.Owner.of(run));
  }

  /** Stores a file that came along with an event. */
  public Artifact storeFile(OrgId org, EventId event, File file) {
    return database.write(
        org,
        tx -> {
          String sha256 = Blobs.put(tx, org, file.body());
          Artifact artifact =
              new Artifact(
                  ArtifactId.next(),
                  "file",
                  file.name(),
                  file.mediaType(),
                  file.body().length,
                  sha256,
                  file.remoteId(),
                  tx.now());
          ArtifactStore.insert(tx, org, artifact, ArtifactStore.Owner.of(event));
          journal.append(
              tx,
              org,
              new JournalEntry(
                  "artifact.stored",
                  artifact.id().value(),
                  null,
                  Json.object()
                      .put("event", event.value())
                      .put("name", file.name())
                      .put("size", file.body().length)
                      .put("sha256", sha256)));
          return artifact;
        });
  }

  /** A file as it arrived. The body is handed over, not copied. */
  @SuppressWarnings("ArrayRecordComponent")
  public record File(String remoteId, String name, String mediaType, byte[] body) {}

  /** Which artifacts, newest first; null means any. */
  public record Query(
      @Nullable RunId run, @Nullable String kind, @Nullable ArtifactId before, int limit) {}

  public List<Artifact> list(OrgId org, Query query) {
    return database.read(org, tx -> ArtifactStore.list(tx, org, query));
  }

  /**
   * @throws Refusal {@code artifact-not-found}
   */
  public Artifact find(OrgId org, ArtifactId id) {
    return database
        .read(org, tx -> ArtifactStore.find(tx, org, id))
        .orElseThrow(() -> Refusal.notFound("artifact", id.value()));
  }

  public List<Artifact> ofRun(OrgId org, RunId run) {
    return database.read(org, tx -> ArtifactStore.ofRun(tx, org, run));
  }

  /** As {@link #ofRun(OrgId, RunId)}, as part of a transaction. */
  public List<Artifact> ofRun(Tx tx, OrgId org, RunId run) {
    return ArtifactStore.ofRun(tx, org, run);
  }

  public List<Artifact> ofEvent(OrgId org, EventId event) {
    return database.read(org, tx -> ArtifactStore.ofEvent(tx, org, event));
  }

  /** The stored bytes; empty when there are none here. */
  public Optional<byte[]> body(OrgId org, Artifact artifact) {
    String sha256 = artifact.sha256();
    return sha256 == null ? Optional.empty() : database.read(org, tx -> Blobs.get(tx, org, sha256));
  }
}
