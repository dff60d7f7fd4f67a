package dev.rookery.streams;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.RunId;
import dev.rookery.runs.TokenDelta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What models said since the last look. Text of one call is put together; what nobody fetches is
 * dropped, so that a run never waits for its watchers.
 */
final class TokenBuffer {
  private static final int MAX_CHARS = 1 << 20;
  private final Map<Call, Pending> pending = new LinkedHashMap<>();
  private int chars;

  /** One attempt of one model call. */
  private record Call(RunId run, int step, int attempt) {
    static Call of(TokenDelta delta) {
      return new Call(delta.run(), delta.step(), delta.attempt());
    }
  }

  private record Pending(TokenDelta first, StringBuilder text) {
    TokenDelta joined() {
      return first.with(text.toString());
    }
  }

  synchronized void add(TokenDelta delta) {
    if (chars + delta.text().length() <= MAX_CHARS) {
      chars += delta.text().length();
      pending
          .computeIfAbsent(Call.of(delta), _ -> new Pending(delta, new StringBuilder()))
          .text()
          .append(delta.text());
    }
  }

  synchronized List<TokenDelta> drain() {
    List<TokenDelta> drained = pending.values().stream().map(Pending::joined).toList();
    pending.clear();
    chars = 0;
    return drained;
  }

  /**
   * What was said meanwhile in steps that records are about: it must not come after their end. What
   * else was said can wait for the next look, and for the start of its step.
   */
  synchronized List<TokenDelta> drain(List<JournalRecord> about) {
    List<TokenDelta> drained = new ArrayList<>();
    for (JournalRecord record : about) {
      Pending said = pending.isEmpty() ? null : pending.remove(call(record.entry()));
      if (said != null) {
        chars -= said.text().length();
        drained.add(said.joined());
      }
    }
    return drained;
  }

  /**
   * Tokens and the records that were read after them, in the order in which they happened: a token
   * comes after the start of its step and before its end.
   *
   * @param head number of the newest record before these
   */
  static List<Slot> woven(List<TokenDelta> tokens, List<JournalRecord> records, long head) {
    List<Slot> slots = new ArrayList<>(tokens.size() + records.size());
    Map<Call, TokenDelta> waiting = new LinkedHashMap<>();
    tokens.forEach(
        token ->
            waiting.merge(Call.of(token), token, (one, two) -> one.with(one.text() + two.text())));
    List<Slot> started = new ArrayList<>();
    for (JournalRecord record : records) {
      started.add(Slot.of(record));
      boolean starts = record.entry().kind().equals("step.started") && !waiting.isEmpty();
      TokenDelta token = starts ? waiting.remove(call(record.entry())) : null;
      if (token != null) {
        started.add(Slot.of(token, record.seq()));
      }
    }
    waiting.values().forEach(token -> slots.add(Slot.of(token, head)));
    slots.addAll(started);
    return slots;
  }

  private static Call call(JournalEntry entry) {
    JsonNode data = entry.data();
    boolean step = entry.kind().startsWith("step.") && Ids.matches("run", entry.subject());
    return step
        ? new Call(
            new RunId(entry.subject()), data.path("step").asInt(), data.path("attempt").asInt())
        : NONE;
  }

  private static final Call NONE = new Call(RunId.next(), 0, 0);
}
