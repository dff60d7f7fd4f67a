package dev.rookery.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.TokenDelta;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Words come between the start and the end of their step, whenever records are read. */
final class TokenBufferTest {
  private static final OrgId ORG = OrgId.next();
  private static final RunId RUN = RunId.next();
  private static final AgentId AGENT = AgentId.next();
  private final TokenBuffer buffer = new TokenBuffer();

  private static TokenDelta said(int step, String text) {
    return new TokenDelta(ORG, RUN, AGENT, "talk", step, 1, text);
  }

  private static JournalRecord step(long seq, String kind, int step) {
    var data = Json.object().put("step", step).put("attempt", 1);
    return new JournalRecord(seq, 1, new JournalEntry(kind, RUN.value(), "talk", data));
  }

  private static List<String> shown(List<Slot> slots) {
    return slots.stream()
        .map(
            slot ->
                switch (slot.item()) {
                  case Item.Entry(JournalRecord record, _) -> record.entry().kind();
                  case Item.Token(TokenDelta delta) -> delta.text();
                })
        .toList();
  }

  @Test
  void words_of_one_call_are_put_together() {
    buffer.add(said(1, "Hel"));
    buffer.add(said(1, "lo"));

    assertThat(buffer.drain()).extracting(TokenDelta::text).containsExactly("Hello");
    assertThat(buffer.drain()).isEmpty();
  }

  @Test
  void what_was_said_while_records_were_read_still_comes_before_the_end_of_its_step() {
    buffer.add(said(1, "be"));
    List<TokenDelta> said = new ArrayList<>(buffer.drain());
    buffer.add(said(1, "fore"));
    buffer.add(said(3, "later"));
    List<JournalRecord> read = List.of(step(5, "step.started", 1), step(6, "step.finished", 1));
    said.addAll(buffer.drain(read));

    assertThat(shown(TokenBuffer.woven(said, read, 4)))
        .containsExactly("step.started", "before", "step.finished");
    assertThat(buffer.drain()).extracting(TokenDelta::text).containsExactly("later");
  }

  @Test
  void words_of_a_step_that_started_before_come_first() {
    List<Slot> woven =
        TokenBuffer.woven(List.of(said(1, "words")), List.of(step(9, "step.finished", 1)), 8);

    assertThat(shown(woven)).containsExactly("words", "step.finished");
    assertThat(woven).extracting(Slot::seq).containsExactly(8L, 9L);
  }

  @Test
  void what_nobody_fetches_is_dropped() {
    for (int n = 0; n < 300; n++) {
      buffer.add(said(1, "x".repeat(10_000)));
    }

    assertThat(buffer.drain().getFirst().text().length()).isLessThanOrEqualTo(1 << 20);
  }
}
