package dev.rookery.homes;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.homes.HomeSwap.Point;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.CheckpointId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@BothEngines
final class CheckpointsIT {
  private final TestDatabase db;
  private final Database database;
  private final Journal journal;
  private final OrgId org;
  private final AgentId agent;
  private final Path top;
  private final Homes homes;
  private final Checkpoints checkpoints;

  CheckpointsIT(TestDatabase db) throws IOException {
    this.db = db;
    database = db.database();
    journal = new Journal(database);
    org = db.newOrg();
    agent = database.write(org, tx -> Rows.agent(tx, org));
    top = Files.createTempDirectory("rookery-checkpoints-");
    homes = new Homes(this::home, 1L << 30);
    checkpoints = with(_ -> {}, 1L << 30);
  }

  private Home home(OrgId of, AgentId who) {
    try {
      return new Home(Files.createDirectories(top.resolve("homes").resolve(of + "-" + who)), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Checkpoints with(Consumer<Point> probe, long quota) {
    return new Checkpoints(
        database,
        journal,
        homes,
        new Checkpoints.Place(top.resolve("checkpoints"), quota, Quiesce.NOTHING_RUNS),
        probe);
  }

  @AfterEach
  void close() {
    TestDatabases.deleteDirectory(top);
  }

  private void put(String path, String text) {
    homes.of(org, agent).write(path, text.getBytes(StandardCharsets.UTF_8), Expected.ANYTHING);
  }

  private String text(String path) {
    return new String(homes.of(org, agent).read(path, 0, 1 << 20).bytes(), StandardCharsets.UTF_8);
  }

  private Path onDisk(String path) {
    return home(org, agent).path().resolve(path);
  }

  private List<String> besideHomes() throws IOException {
    try (var files = Files.list(top.resolve("homes"))) {
      return files.map(f -> f.getFileName().toString()).filter(n -> n.startsWith(".")).toList();
    }
  }

  @Test
  void a_restored_home_is_what_it_was() throws IOException {
    put("a.txt", "before");
    put("deep/er/ü\n" + "x".repeat(180), "odd name");
    Files.setPosixFilePermissions(onDisk("a.txt"), PosixFilePermissions.fromString("rwxr-x---"));
    Files.createDirectory(onDisk("locked"));
    put("locked/in", "x");
    Files.setPosixFilePermissions(onDisk("locked"), PosixFilePermissions.fromString("r-x------"));
    Files.createSymbolicLink(onDisk("link"), Path.of("/nowhere/at/all"));
    put(".rookery/steps/s1/rc", "0");
    Checkpoint made = checkpoints.create(org, agent, "clean");
    put("a.txt", "after");
    put("new", "x");
    put(".rookery/steps/s2/rc", "1");
    homes.of(org, agent).delete("deep", true);

    Checkpoints.Restored restored = checkpoints.restore(org, agent, made.id().value());

    assertThat(text("a.txt")).isEqualTo("before");
    assertThat(text("deep/er/ü\n" + "x".repeat(180))).isEqualTo("odd name");
    assertThat(homes.of(org, agent).exists("new")).isFalse();
    assertThat(homes.of(org, agent).stat("a.txt").permissions()).isEqualTo("rwxr-x---");
    assertThat(homes.of(org, agent).stat("locked").permissions()).isEqualTo("r-x------");
    assertThat(homes.of(org, agent).stat("link").target()).isEqualTo("/nowhere/at/all");
    assertThat(text(".rookery/steps/s2/rc")).as("facts about steps stay").isEqualTo("1");
    assertThat(besideHomes()).isEmpty();
    assertThat(checkpoints.outcome(org, restored.backup().id())).contains("restored");
    Files.setPosixFilePermissions(onDisk("locked"), PosixFilePermissions.fromString("rwx------"));

    checkpoints.restore(org, agent, restored.backup().id().value());
    assertThat(text("new")).as("the way back").isEqualTo("x");
    assertThat(journal.about(org, agent.value(), 20))
        .extracting(r -> r.entry().kind())
        .containsExactly(
            "checkpoint.created",
            "checkpoint.created",
            "checkpoint.restored",
            "checkpoint.created",
            "checkpoint.restored");
    Files.setPosixFilePermissions(onDisk("locked"), PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void a_restore_that_dies_anywhere_is_completed_or_undone(Point dies) throws IOException {
    put("f", "old");
    Checkpoint made = checkpoints.create(org, agent, "old");
    put("f", "new");
    put("g", "new");
    Checkpoints doomed =
        with(
            point -> {
              if (point == dies) {
                throw new AssertionError("killed at " + point);
              }
            },
            1L << 30);
    assertThatThrownBy(() -> doomed.restore(org, agent, made.id().value()))
        .hasMessageContaining("killed at");

    assertThat(checkpoints.recover()).isEqualTo(1);

    boolean undone = dies == Point.NOTED || dies == Point.UNPACKED;
    assertThat(text("f")).isEqualTo(undone ? "new" : "old");
    assertThat(homes.of(org, agent).exists("g")).isEqualTo(undone);
    assertThat(besideHomes()).isEmpty();
    CheckpointId backup = checkpoints.list(org, agent).getFirst().id();
    assertThat(checkpoints.outcome(org, backup)).contains(undone ? "rolled_back" : "restored");
    assertThat(checkpoints.recover()).isZero();
    assertThat(
            journal.about(org, agent.value(), 20).stream()
                .filter(r -> r.entry().kind().equals("checkpoint.restored")))
        .hasSize(1);
  }

  @Test
  void where_names_cannot_be_exchanged_a_crash_between_the_renames_is_completed()
      throws IOException {
    put("f", "old");
    Checkpoint made = checkpoints.create(org, agent, "old");
    put("f", "new");
    Checkpoints doomed =
        with(
            point -> {
              if (point == Point.WHOLE) {
                throw new AssertionError("killed");
              }
            },
            1L << 30);
    assertThatThrownBy(() -> doomed.restore(org, agent, made.id().value())).isNotNull();
    CheckpointId backup = checkpoints.list(org, agent).getFirst().id();
    Path home = home(org, agent).path();
    Files.move(home, home.resolveSibling(".aside-" + backup));

    assertThat(checkpoints.recover()).isEqualTo(1);

    assertThat(text("f")).isEqualTo("old");
    assertThat(besideHomes()).isEmpty();
  }

  @Test
  void archives_are_checked_before_anything_is_changed() throws IOException {
    put("f", "old");
    Checkpoint made = checkpoints.create(org, agent, "one");
    put("f", "new");
    Path archive =
        top.resolve("checkpoints").resolve(org + "/" + agent + "/" + made.id() + ".tar.gz");
    byte[] bytes = Files.readAllBytes(archive);
    assertThat(bytes).hasSize((int) made.size());
    bytes[bytes.length / 2] ^= 1;
    Files.write(archive, bytes);
    refused("checkpoint-damaged", () -> checkpoints.restore(org, agent, made.id().value()));
    Files.delete(archive);
    refused("checkpoint-file-missing", () -> checkpoints.restore(org, agent, made.id().value()));
    assertThat(text("f")).isEqualTo("new");
    assertThat(checkpoints.list(org, agent)).hasSize(1);
  }

  @Test
  void the_room_for_archives_is_limited_and_backups_give_way() {
    put("f", "x");
    Checkpoint made = checkpoints.create(org, agent, "base");
    for (int i = 0; i < 5; i++) {
      checkpoints.restore(org, agent, made.id().value());
    }
    assertThat(checkpoints.list(org, agent)).hasSize(4);
    Checkpoints full = with(_ -> {}, 10);
    refused("checkpoint-quota-exceeded", () -> full.create(org, agent, "more"));
    refused("checkpoint-quota-exceeded", () -> full.restore(org, agent, made.id().value()));
    checkpoints.delete(org, agent, made.id().value());
    refused("checkpoint-not-found", () -> checkpoints.restore(org, agent, made.id().value()));
    refused("bad-checkpoint-name", () -> checkpoints.create(org, agent, " "));
    assertThat(new ArrayList<>(checkpoints.list(org, agent)))
        .allMatch(c -> c.kind() == Checkpoint.Kind.BACKUP);
  }

  @Test
  void what_is_another_agents_does_not_exist() {
    put("f", "x");
    Checkpoint made = checkpoints.create(org, agent, "mine");
    OrgId theirs = db.newOrg();
    AgentId other = database.write(theirs, tx -> Rows.agent(tx, theirs));
    String id = made.id().value();
    refused("checkpoint-not-found", () -> checkpoints.restore(theirs, other, id));
    refused("checkpoint-not-found", () -> checkpoints.delete(theirs, other, id));
    refused("checkpoint-not-found", () -> checkpoints.require(theirs, agent, id));
    assertThat(checkpoints.list(theirs, agent)).isEmpty();
    refused("path-outside-home", () -> homes.of(theirs, other).read("../" + org, 0, 1));
  }
}
