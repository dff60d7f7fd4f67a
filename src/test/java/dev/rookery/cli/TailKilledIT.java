package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.TestNode;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own, over a real server, killed while things happen. */
class TailKilledIT {
  private static final String SCRIPT = "version: 1\nrules:\n  - then: {text: Caw.}\n";
  private static final int KILLS = 3;
  private static final int STEP = 150;

  @TempDir private Path dir;

  /** Complete lines of what was printed so far. */
  private static List<Long> printed(Path file) throws IOException {
    List<Long> seqs = new ArrayList<>();
    String text = Files.readString(file, StandardCharsets.UTF_8);
    int end = text.lastIndexOf('\n');
    for (String line : text.substring(0, Math.max(0, end)).split("\n")) {
      if (!line.isBlank()) {
        seqs.add(Json.parse(line).path("seq").asLong());
      }
    }
    return seqs;
  }

  private Process tail(TestNode node, Path out, String... more) throws IOException {
    return process(node, more).redirectOutput(out.toFile()).start();
  }

  private ProcessBuilder process(TestNode node, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.rookery.cli.Main", "tail", "--json-lines"));
    command.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(dir.resolve("errors").toFile());
    builder.environment().put("ROOKERY_HOME", node.dir().toString());
    return builder;
  }

  /** Waits until so many lines are there. */
  private void await(Process process, Path out, int lines) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (printed(out).size() < lines) {
      assertThat(process.isAlive())
          .as("what it said: %s", Files.readString(dir.resolve("errors")))
          .isTrue();
      assertThat(System.nanoTime()).as("%s lines of %s", lines, out).isLessThan(deadline);
      assertThat(process.waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  /** Has something happen every few milliseconds. */
  private static Thread happening(TestNode node, CountDownLatch enough) {
    JournalEntry entry = new JournalEntry("test.note", "note", null, Json.object());
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (!enough.await(3, TimeUnit.MILLISECONDS)) {
                  node.house()
                      .database()
                      .write(
                          node.org(),
                          tx -> {
                            node.house().journal.append(tx, node.org(), entry);
                            return entry;
                          });
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Test
  void a_tail_that_is_killed_and_goes_on_prints_each_record_once() throws Exception {
    try (TestNode node = TestNode.scripted(SCRIPT)) {
      CountDownLatch enough = new CountDownLatch(1);
      Thread happening = happening(node, enough);
      List<Long> all = new ArrayList<>();
      long last = 0;
      for (int kill = 0; kill <= KILLS; kill++) {
        Path out = dir.resolve("out-" + kill);
        Files.createFile(out);
        Process process = tail(node, out, "--after", Long.toString(last));
        await(process, out, STEP);
        process.destroyForcibly();
        assertThat(process.waitFor()).isEqualTo(137);
        all.addAll(printed(out));
        last = all.getLast();
      }
      enough.countDown();
      happening.join();
      assertThat(all).isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
      assertThat(all).hasSizeGreaterThanOrEqualTo(STEP * (KILLS + 1));
    }
  }

  @Test
  void a_tail_that_is_killed_and_goes_on_with_its_cursor_file_misses_nothing() throws Exception {
    try (TestNode node = TestNode.scripted(SCRIPT)) {
      CountDownLatch enough = new CountDownLatch(1);
      Thread happening = happening(node, enough);
      String cursor = dir.resolve("cursor").toString();
      Files.writeString(Path.of(cursor), "0");
      Path before = Files.createFile(dir.resolve("before"));
      Process process = tail(node, before, "--cursor", cursor);
      await(process, before, STEP);
      process.destroyForcibly();
      process.waitFor();
      long known = Long.parseLong(Files.readString(Path.of(cursor)).strip());
      long last = printed(before).getLast();
      Path after = Files.createFile(dir.resolve("after"));
      Process again = tail(node, after, "--cursor", cursor);
      await(again, after, STEP);
      again.destroyForcibly();
      enough.countDown();
      happening.join();
      assertThat(known).isPositive().isLessThanOrEqualTo(last);
      assertThat(printed(after).getFirst()).isEqualTo(known + 1);
    }
  }

  @Test
  void a_reader_that_leaves_ends_it_quietly() throws Exception {
    try (TestNode node = TestNode.scripted(SCRIPT)) {
      CountDownLatch enough = new CountDownLatch(1);
      Thread happening = happening(node, enough);
      Process process =
          process(node, "--after", "0").redirectOutput(ProcessBuilder.Redirect.PIPE).start();
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(reader.readLine()).startsWith("{\"seq\":1,");
      }
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      enough.countDown();
      happening.join();
      assertThat(process.exitValue()).isZero();
      assertThat(dir.resolve("errors")).isEmptyFile();
    }
  }
}
