package dev.rookery.homes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.CheckpointId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of homes, and the way back to one. The archives are on this machine, outside of all homes;
 * their rows say what they must be.
 */
public final class Checkpoints {
  /** 5 GiB for all archives of an agent. */
  public static final long USUAL_QUOTA = 5L << 30;

  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
  private static final int MAX_NAME = 100;
  private static final int BACKUPS = 3;

  private final Database database;
  private final Journal journal;
  private final Homes homes;
  private final Place place;
  private final Consumer<HomeSwap.Point> probe;

  /**
   * Where archives are and what keeps processes away.
   *
   * @param directory private to the server, on the file system of its data
   * @param quota of all archives of one agent, in bytes
   */
  public record Place(Path directory, long quota, Quiesce quiesce) {}

  public Checkpoints(Database database, Journal journal, Homes homes, Place place) {
    this(database, journal, homes, place, _ -> {});
  }

  Checkpoints(
      Database database,
      Journal journal,
      Homes homes,
      Place place,
      Consumer<HomeSwap.Point> probe) {
    this.database = database;
    this.journal = journal;
    this.homes = homes;
    this.place = place;
    this.probe = probe;
  }

  private record Owner(OrgId org, AgentId agent) {}

  /** What a restore did. */
  public record Restored(Checkpoint checkpoint, Checkpoint backup) {}

  /**
   * Copies the home as it is. Processes of the sandbox go on; what they change meanwhile is in the
   * copy or not.
   *
   * @param name 1 to 100 characters, for people
   * @throws Refusal {@code bad-checkpoint-name}, {@code checkpoint-quota-exceeded}, {@code
   *     checkpoint-too-large}, {@code checkpoint-incomplete}
   */
  public Checkpoint create(OrgId org, AgentId agent, String name) {
    String clean = Text.clean(name).strip();
    if (clean.isEmpty() || clean.length() > MAX_NAME || clean.chars().anyMatch(c -> c < ' ')) {
      throw Refusal.badInput(
          "bad-checkpoint-name",
          "The name of a checkpoint has 1 to %d characters and no line breaks.",
          MAX_NAME);
    }
    HomeFiles files = homes.of(org, agent);
    Owner owner = new Owner(org, agent);
    return files.alone(() -> copy(owner, files.home(), clean, Checkpoint.Kind.NAMED));
  }

  private Checkpoint copy(Owner owner, Home home, String name, Checkpoint.Kind kind) {
    CheckpointId id = CheckpointId.next();
    long taken = list(owner.org(), owner.agent()).stream().mapToLong(Checkpoint::size).sum();
    ArchiveFile.Written written =
        file(owner, id).write(home, place.quota() - taken, 2 * Homes.USUAL_QUOTA);
    Checkpoint checkpoint =
        new Checkpoint(
            id, owner.agent(), name, kind, written.files(), written.size(), written.sha256());
    var data =
        Json.object()
            .put("checkpoint", id.value())
            .put("name", name)
            .put("kind", kind.label())
            .put("files", written.files())
            .put("size", written.size())
            .put("sha256", written.sha256());
    return database.write(
        owner.org(),
        tx -> {
          CheckpointStore.insert(tx, owner.org(), checkpoint);
          append(tx, owner, "checkpoint.created", data);
          return checkpoint;
        });
  }

  private void append(Tx tx, Owner owner, String kind, JsonNode data) {
    journal.append(
        tx,
        owner.org(),
        new JournalEntry(kind, owner.agent().value(), null, data).of(owner.agent()));
  }

  private ArchiveFile file(Owner owner, CheckpointId id) {
    return new ArchiveFile(directory(owner).resolve(id.value() + ArchiveFile.ENDING));
  }

  private Path directory(Owner owner) {
    try {
      return Files.createDirectories(
          place.directory().resolve(owner.org().value()).resolve(owner.agent().value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Newest first. */
  public List<Checkpoint> list(OrgId org, AgentId agent) {
    return database.read(org, tx -> CheckpointStore.all(tx, org, agent));
  }

  /**
   * A checkpoint of this agent.
   *
   * @throws Refusal {@code checkpoint-not-found}
   */
  public Checkpoint require(OrgId org, AgentId agent, String id) {
    Optional<Checkpoint> found =
        Ids.matches("ckp", id)
            ? database.read(org, tx -> CheckpointStore.find(tx, org, agent, new CheckpointId(id)))
            : Optional.empty();
    return found.orElseThrow(() -> Refusal.notFound("checkpoint", Text.clean(id)));
  }

  /**
   * The newest checkpoint that was made by this name, or with this id.
   *
   * @throws Refusal {@code checkpoint-not-found}
   */
  public Checkpoint named(OrgId org, AgentId agent, String idOrName) {
    return list(org, agent).stream()
        .filter(c -> c.name().equals(idOrName))
        .findFirst()
        .orElseGet(() -> require(org, agent, idOrName));
  }

  /**
   * Deletes a checkpoint.
   *
   * @throws Refusal {@code checkpoint-not-found}
   */
  public void delete(OrgId org, AgentId agent, String id) {
    delete(new Owner(org, agent), require(org, agent, id));
  }

  private void delete(Owner owner, Checkpoint checkpoint) {
    database.write(
        owner.org(),
        tx -> {
          var data = Json.object().put("checkpoint", checkpoint.id().value());
          append(tx, owner, "checkpoint.deleted", data.put("name", checkpoint.name()));
          return CheckpointStore.delete(tx, owner.org(), checkpoint.id());
        });
    file(owner, checkpoint.id()).delete();
  }

  /**
   * Makes the home what it was, after a checkpoint of what it is now. Ends what runs in the
   * sandbox.
   *
   * @throws Refusal {@code checkpoint-not-found}, {@code checkpoint-file-missing}, {@code
   *     checkpoint-damaged}, and those of {@link #create} for the backup
   */
  public Restored restore(OrgId org, AgentId agent, String id) {
    Owner owner = new Owner(org, agent);
    Checkpoint checkpoint = require(org, agent, id);
    HomeFiles files = homes.of(org, agent);
    try (Quiesce.Hold _ = place.quiesce().hold(org, agent)) {
      return files.alone(() -> restore(owner, checkpoint, files.home()));
    }
  }

  private Restored restore(Owner owner, Checkpoint checkpoint, Home home) {
    ArchiveFile archive = file(owner, checkpoint.id());
    refuseUnlessWhole(archive, checkpoint);
    RestoreNote.read(directory(owner)).ifPresent(note -> complete(owner, note));
    prune(owner, checkpoint);
    Checkpoint backup =
        copy(
            owner,
            home,
            Text.brief("before restoring " + checkpoint.name(), MAX_NAME),
            Checkpoint.Kind.BACKUP);
    HomeSwap swap = new HomeSwap(home, directory(owner), probe);
    RestoreNote note = new RestoreNote(backup.id(), checkpoint.id(), 0);
    RestoreNote whole = replace(owner, swap, note, archive);
    record(owner, whole, HomeSwap.Outcome.RESTORED);
    swap.finish(whole);
    return new Restored(checkpoint, backup);
  }

  /** A failure leaves the home as it was. */
  private RestoreNote replace(Owner owner, HomeSwap swap, RestoreNote note, ArchiveFile archive) {
    try {
      return swap.replace(note, archive.path());
    } catch (RuntimeException e) {
      RestoreNote.read(directory(owner)).ifPresent(begun -> complete(owner, begun));
      throw e;
    }
  }

  private static void refuseUnlessWhole(ArchiveFile archive, Checkpoint checkpoint) {
    if (!archive.exists()) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "checkpoint-file-missing",
          "The archive of checkpoint "
              + checkpoint.id()
              + " is not on this machine. Put "
              + archive.path()
              + " back, or restore where it was made.");
    }
    if (!archive.has(checkpoint.sha256())) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "checkpoint-damaged",
          "The archive of checkpoint "
              + checkpoint.id()
              + " is not what was written; nothing was changed.");
    }
  }

  /** Room for one more backup. */
  private void prune(Owner owner, Checkpoint kept) {
    list(owner.org(), owner.agent()).stream()
        .filter(c -> c.kind() == Checkpoint.Kind.BACKUP && !c.id().equals(kept.id()))
        .skip(BACKUPS - 1)
        .forEach(old -> delete(owner, old));
  }

  private void record(Owner owner, RestoreNote note, HomeSwap.Outcome outcome) {
    String word = outcome.name().toLowerCase(Locale.ROOT);
    var data =
        Json.object()
            .put("checkpoint", note.checkpoint().value())
            .put("backup", note.backup().value())
            .put("outcome", word);
    database.write(
        owner.org(),
        tx -> {
          int rows = CheckpointStore.recordRestore(tx, owner.org(), owner.agent(), note, word);
          if (rows > 0) {
            append(tx, owner, "checkpoint.restored", data);
          }
          return rows;
        });
  }

  private void complete(Owner owner, RestoreNote note) {
    HomeSwap swap =
        new HomeSwap(homes.of(owner.org(), owner.agent()).home(), directory(owner), _ -> {});
    HomeSwap.Outcome outcome = swap.settle(note);
    record(owner, note, outcome);
    swap.finish(note);
    log.info(
        "an interrupted restore is settled: org={} agent={} checkpoint={} outcome={}",
        owner.org(),
        owner.agent(),
        note.checkpoint(),
        outcome);
  }

  /**
   * Completes or undoes restores that a crash interrupted, and deletes archives without a row. Call
   * it before anything runs in a sandbox.
   *
   * @return how many restores there were
   */
  public int recover() {
    if (!Files.isDirectory(place.directory())) {
      return 0;
    }
    int settled = 0;
    for (Path org : children(place.directory(), "org")) {
      for (Path agent : children(org, "agt")) {
        settled += recover(new Owner(new OrgId(name(org)), new AgentId(name(agent))));
      }
    }
    return settled;
  }

  private int recover(Owner owner) {
    Optional<RestoreNote> note = RestoreNote.read(directory(owner));
    note.ifPresent(begun -> complete(owner, begun));
    List<String> known =
        list(owner.org(), owner.agent()).stream()
            .map(c -> c.id().value() + ArchiveFile.ENDING)
            .toList();
    children(directory(owner)).stream()
        .filter(file -> !known.contains(name(file)))
        .forEach(file -> new ArchiveFile(file).delete());
    return note.isPresent() ? 1 : 0;
  }

  /** How a restore ended, by the backup that was made before it: restored or rolled_back. */
  public Optional<String> outcome(OrgId org, CheckpointId backup) {
    return database.read(org, tx -> CheckpointStore.outcome(tx, org, backup));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static List<Path> children(Path directory, String prefix) {
    return children(directory).stream().filter(p -> Ids.matches(prefix, name(p))).toList();
  }

  private static List<Path> children(Path directory) {
    try (var files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
