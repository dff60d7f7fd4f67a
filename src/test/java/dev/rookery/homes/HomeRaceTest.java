package dev.rookery.homes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Fd;
import dev.rookery.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process in the sandbox swaps directories for links as fast as it can. */
final class HomeRaceTest {
  private static final long TIME = Duration.ofMillis(1500).toNanos();
  private final TestHome home = new TestHome();
  private final HomeFiles files = home.files();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong swaps = new AtomicLong();

  @AfterEach
  void close() {
    over.set(true);
    home.close();
  }

  /** The name is what it was, then a link to what is beside the home, then what it was … */
  private CompletableFuture<Void> swapping(String name, String target) throws IOException {
    Files.createSymbolicLink(home.path().resolve("evil"), Path.of(target));
    return CompletableFuture.runAsync(
        () -> {
          try (Fd top = Posix.openTrusted(home.path())) {
            while (!over.get()) {
              Posix.exchange(new Posix.Spot(top, name), new Posix.Spot(top, "evil"));
              swaps.incrementAndGet();
            }
          }
        });
  }

  private void hammer(Runnable... attempts) throws Exception {
    long end = System.nanoTime() + TIME;
    long tries = 0;
    while (System.nanoTime() < end) {
      for (Runnable attempt : attempts) {
        tries++;
        try {
          attempt.run();
        } catch (Refusal e) {
          assertThat(e.code())
              .isIn(
                  "path-outside-home",
                  "file-not-found",
                  "file-changed",
                  "too-many-links",
                  "not-a-directory",
                  "not-a-file",
                  "file-exists",
                  "is-a-directory");
        }
      }
    }
    over.set(true);
    assertThat(tries).isGreaterThan(200);
    assertThat(swaps.get()).isGreaterThan(200);
    assertThat(Files.readString(home.canary())).isEqualTo(TestHome.CANARY);
    try (var outside = Files.list(home.canary().getParent())) {
      assertThat(outside).containsExactly(home.canary());
    }
  }

  @Test
  void a_directory_that_becomes_a_link_never_leads_out() throws Exception {
    home.put("d/canary", "inside");
    home.put("d/sub/x", "inside");
    CompletableFuture<Void> attacker = swapping("d", "../outside");
    Search.Content everywhere =
        new Search.Content("canary is", ".", null, false, 0, TestHome.bounds(10));
    hammer(
        () -> assertThat(home.text("d/canary")).isNotEqualTo(TestHome.CANARY),
        () -> home.put("d/canary", "inside"),
        () -> home.put("d/new/file", "inside"),
        () -> files.delete("d/new", true),
        () -> files.move("d/canary", "d/moved"),
        () -> files.move("d/moved", "d/canary"),
        () -> assertThat(files.grep(everywhere).lines()).isEmpty(),
        () ->
            assertThat(files.list("d", 50).entries())
                .extracting(FileInfo::size)
                .doesNotContain((long) TestHome.CANARY.length()),
        () -> files.usage());
    attacker.get(10, TimeUnit.SECONDS);
  }

  @Test
  void a_file_that_becomes_a_link_never_leads_out() throws Exception {
    home.put("d", "inside");
    CompletableFuture<Void> attacker = swapping("d", home.canary().toString());
    byte[] bytes = "inside".getBytes(StandardCharsets.UTF_8);
    List<String> seen = new ArrayList<>();
    hammer(
        () -> seen.add(home.text("d")),
        () -> files.write("d", bytes, Expected.NOTHING),
        () -> seen.add(String.join("\n", files.lines("d", 1, 10).lines())),
        () -> files.sha256("d"));
    assertThat(seen).isNotEmpty().allMatch("inside"::equals);
    attacker.get(10, TimeUnit.SECONDS);
  }
}
