package dev.rookery.streams;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.runs.TokenDelta;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** How the outside sees journal records and tokens, wherever it reads them. */
public final class JournalJson {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private JournalJson() {}

  /** {@code {seq, at, kind, subject, conversation, agent, data}}. */
  public static ObjectNode of(JournalRecord record) {
    JournalEntry entry = record.entry();
    AgentId agent = entry.agent();
    ObjectNode json =
        Json.object()
            .put("seq", record.seq())
            .put("at", TIME.format(Instant.ofEpochMilli(record.at())))
            .put("kind", entry.kind())
            .put("subject", entry.subject())
            .put("conversation", entry.conversation())
            .put("agent", agent == null ? null : agent.value());
    json.set("data", entry.data());
    return json;
  }

  /** {@code {run, agent, conversation, step, attempt, text}}. */
  public static ObjectNode of(TokenDelta delta) {
    return Json.object()
        .put("run", delta.run().value())
        .put("agent", delta.agent().value())
        .put("conversation", delta.conversation())
        .put("step", delta.step())
        .put("attempt", delta.attempt())
        .put("text", delta.text());
  }

  static byte[] bytes(JournalRecord record) {
    return Json.write(of(record)).getBytes(StandardCharsets.UTF_8);
  }
}
