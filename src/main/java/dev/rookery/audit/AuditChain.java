package dev.rookery.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Actor;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import java.nio.charset.StandardCharsets;

/**
 * How records are hashed; docs/audit.md says it for people who verify an export with a program of
 * their own. The hash is the SHA-256 of the UTF-8 bytes of one JSON object: all fields of the
 * record except the hash itself, keys sorted, no white space. {@code at} and {@code seq} are
 * numbers, everything else is a string, {@code data} too.
 */
public final class AuditChain {
  /** What the first record has for the hash of the one before. */
  public static final String BEGINNING = "0".repeat(64);

  private static final int MAX_DATA = 16_384;

  private AuditChain() {}

  /** The record as it is exported, with its hash. */
  public static ObjectNode exported(AuditRecord record) {
    return hashed(record).put("hash", record.link().hash());
  }

  static String hash(AuditRecord record) {
    return Digest.sha256(Json.canonical(hashed(record)));
  }

  private static ObjectNode hashed(AuditRecord record) {
    return Json.object()
        .put("action", record.action())
        .put("actor_id", record.who().id())
        .put("actor_kind", record.who().kind())
        .put("actor_name", record.who().name())
        .put("at", record.at())
        .put("data", record.data())
        .put("org", record.org().value())
        .put("prev_hash", record.link().previous())
        .put("seq", record.seq())
        .put("subject", record.subject());
  }

  /** The next link. */
  static AuditRecord next(OrgId org, Deed deed, long at, Head head) {
    Actor actor = deed.actor();
    AuditRecord open =
        new AuditRecord(
            org,
            head.seq() + 1,
            at,
            new AuditRecord.Who(actor.kind(), actor.id(), actor.called()),
            deed.action(),
            deed.subject(),
            data(deed),
            new AuditRecord.Link(head.hash(), ""));
    return new AuditRecord(
        org,
        open.seq(),
        at,
        open.who(),
        open.action(),
        open.subject(),
        open.data(),
        new AuditRecord.Link(head.hash(), hash(open)));
  }

  /** What is very large stays in the journal; here is what proves it. */
  private static String data(Deed deed) {
    String data = Json.canonical(deed.data());
    return data.length() <= MAX_DATA
        ? data
        : Json.canonical(
            Json.object()
                .put("sha256", Digest.sha256(data))
                .put("size", data.getBytes(StandardCharsets.UTF_8).length));
  }

  /** The end of a chain: number and hash of its last record. */
  record Head(long seq, String hash) {
    static final Head NONE = new Head(0, BEGINNING);

    static Head of(AuditRecord record) {
      return new Head(record.seq(), record.link().hash());
    }
  }
}
