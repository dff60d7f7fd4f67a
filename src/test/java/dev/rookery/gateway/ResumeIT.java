package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.TestNode;
import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Json;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A client that drops off and comes back while others write. */
final class ResumeIT {
  private static final int WRITERS = 4;

  @Test
  void each_record_comes_once_across_reconnects_and_a_restart_of_the_server() {
    try (TestNode node = TestNode.scripted("version: 1\nrules:\n  - then: {text: hello}\n")) {
      String key =
          node.house().keys.create(node.org(), new ApiKey.Wish("test", Role.VIEWER, null)).secret();
      long begin = node.house().journal.head(node.org());
      List<Long> got = new ArrayList<>();
      for (int round = 0; round < 2; round++) {
        AtomicBoolean writing = new AtomicBoolean(true);
        List<CompletableFuture<Void>> writers = writers(node, writing);
        for (int visit = 0; visit < 8; visit++) {
          visit(node, key, begin, got);
        }
        writing.set(false);
        writers.forEach(writer -> writer.orTimeout(20, TimeUnit.SECONDS).join());
        if (round == 0) {
          try (Client open = Client.connected(node.rookery().url(), key)) {
            long start = System.nanoTime();
            node.restart();
            assertThat(open.closed().code()).isEqualTo(1001);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(Duration.ofSeconds(20));
          }
        }
      }
      long head = node.house().journal.head(node.org());
      while (got.getLast() < head) {
        visit(node, key, begin, got);
      }
      assertThat(got)
          .containsExactlyElementsOf(LongStream.rangeClosed(begin + 1, head).boxed().toList());
      assertThat(node.house().journal.after(node.org(), begin, 1).getFirst())
          .extracting(JournalRecord::seq)
          .isEqualTo(begin + 1);
    }
  }

  /** Takes some, and goes in the middle of what comes. */
  private static void visit(TestNode node, String key, long begin, List<Long> got) {
    long after = got.isEmpty() ? begin : got.getLast();
    try (Client client =
        Client.connected(node.rookery().url(), key, Json.object().put("after", after))) {
      long head = node.house().journal.head(node.org());
      for (int i = 0; i < 40 && after + i < Math.max(head, after + 1); i++) {
        got.add(client.event().path("seq").asLong());
      }
    }
  }

  private static List<CompletableFuture<Void>> writers(TestNode node, AtomicBoolean writing) {
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String subject = "writer-" + i;
      writers.add(CompletableFuture.runAsync(() -> write(node, subject, writing)));
    }
    return writers;
  }

  private static void write(TestNode node, String subject, AtomicBoolean writing) {
    var house = node.house();
    for (int n = 0; writing.get() || n < 50; n++) {
      JournalEntry entry =
          new JournalEntry("test.written", subject, null, Json.object().put("n", n));
      house
          .database()
          .write(
              node.org(),
              tx -> {
                house.journal.append(tx, node.org(), entry);
                return true;
              });
    }
  }
}
