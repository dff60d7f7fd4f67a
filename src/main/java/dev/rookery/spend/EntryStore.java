package dev.rookery.spend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Rows of {@code spend_entry}: one for each call that was to be made. */
final class EntryStore {
  private static final String SELECT =
      """
      SELECT subject, step, part, kind, name, agent_id, contact, program, root_run_id, state, amounts,
             estimated, asked_input, input, output, cache_read, cache_write, reserved, actual, windows, at
      FROM spend_entry WHERE org_id = :org
      """;
  private static final RowMapper<Booked> ROW =
      (row, _) ->
          new Booked(
              entry(row),
              PriceCodec.read(row.getString("amounts")),
              row.getLong("asked_input"),
              windows(row.getString("windows")));

  private EntryStore() {}

  /**
   * An entry with what settling needs.
   *
   * @param price at the time of reserving
   * @param inputTokens that were counted on
   * @param windows on which it is reserved
   */
  record Booked(SpendEntry entry, Price price, long inputTokens, List<Standing.Key> windows) {
    Booked {
      windows = List.copyOf(windows);
    }
  }

  /** Returns 0 when there is an entry of this key that was not released. */
  static int put(Tx tx, OrgId org, Purchase purchase, Booked booked) {
    SpendEntry entry = booked.entry();
    Purchase.Payer payer = purchase.payer();
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO spend_entry (org_id, subject, step, part, kind, name, agent_id, contact, program,
                                     root_run_id, state, amounts, estimated, asked_input, input, output,
                                     cache_read, cache_write, reserved, actual, windows, at)
            VALUES (:org, :subject, :step, :part, :kind, :name, :agent, :contact, :program, :root,
                    'reserved', :amounts, :estimated, :askedInput, 0, 0, 0, 0, :reserved, 0, :windows, :now)
            ON CONFLICT (org_id, subject, step, part)
            DO UPDATE SET state = 'reserved', amounts = excluded.amounts, estimated = excluded.estimated,
                          asked_input = excluded.asked_input, reserved = excluded.reserved,
                          windows = excluded.windows, at = excluded.at, settled_at = NULL
            WHERE spend_entry.state = 'released'
            """)
        .bind("org", org.value())
        .bind("subject", entry.key().subject())
        .bind("step", entry.key().step())
        .bind("part", entry.key().part())
        .bind("kind", entry.kind().label())
        .bind("name", entry.name())
        .bind("agent", payer.agent().value())
        .bind("contact", payer.contact())
        .bind("program", payer.program())
        .bind("root", payer.root() == null ? null : payer.root().value())
        .bind("amounts", PriceCodec.write(booked.price()))
        .bind("estimated", entry.cost().estimated() ? 1 : 0)
        .bind("askedInput", booked.inputTokens())
        .bind("reserved", entry.cost().reserved().micros())
        .bind("windows", write(booked.windows()))
        .bind("now", tx.now())
        .execute();
  }

  /** The entry, which nobody else changes before the commit. */
  static Optional<Booked> lock(Tx tx, OrgId org, Purchase.Key key) {
    return tx.handle()
        .createQuery(
            SELECT
                + " AND subject = :subject AND step = :step AND part = :part"
                + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("subject", key.subject())
        .bind("step", key.step())
        .bind("part", key.part())
        .map(ROW)
        .findOne();
  }

  /** Those of a run that are reserved, which nobody else changes before the commit. */
  static List<Booked> lockOpen(Tx tx, OrgId org, String subject) {
    return tx.handle()
        .createQuery(
            SELECT
                + " AND subject = :subject AND state = 'reserved' ORDER BY step, part"
                + tx.dialect().lockRows())
        .bind("org", org.value())
        .bind("subject", subject)
        .map(ROW)
        .list();
  }

  /** All of a run, in order. */
  static List<SpendEntry> of(Tx tx, OrgId org, String subject) {
    return tx.handle()
        .createQuery(SELECT + " AND subject = :subject ORDER BY step, at, part")
        .bind("org", org.value())
        .bind("subject", subject)
        .map((row, _) -> entry(row))
        .list();
  }

  static int end(Tx tx, OrgId org, SpendEntry ended) {
    Usage usage = ended.cost().usage();
    return tx.handle()
        .createUpdate(
            """
            UPDATE spend_entry
            SET state = :state, actual = :actual, estimated = :estimated, input = :input,
                output = :output, cache_read = :cacheRead, cache_write = :cacheWrite, settled_at = :now
            WHERE org_id = :org AND subject = :subject AND step = :step AND part = :part
              AND state = 'reserved'
            """)
        .bind("org", org.value())
        .bind("subject", ended.key().subject())
        .bind("step", ended.key().step())
        .bind("part", ended.key().part())
        .bind("state", ended.state().label())
        .bind("actual", ended.cost().actual().micros())
        .bind("estimated", ended.cost().estimated() ? 1 : 0)
        .bind("input", usage.input())
        .bind("output", usage.output())
        .bind("cacheRead", usage.cacheRead())
        .bind("cacheWrite", usage.cacheWrite())
        .bind("now", tx.now())
        .execute();
  }

  private static SpendEntry entry(ResultSet row) throws SQLException {
    return new SpendEntry(
        new Purchase.Key(row.getString("subject"), row.getInt("step"), row.getString("part")),
        new Purchase.Payer(
            new AgentId(row.getString("agent_id")),
            row.getString("contact"),
            row.getString("program"),
            root(row.getString("root_run_id"))),
        Purchase.Kind.of(row.getString("kind")),
        row.getString("name"),
        SpendEntry.State.of(row.getString("state")),
        new SpendEntry.Cost(
            new Money(row.getLong("reserved")),
            new Money(row.getLong("actual")),
            row.getInt("estimated") == 1,
            new Usage(
                row.getLong("input"),
                row.getLong("output"),
                row.getLong("cache_read"),
                row.getLong("cache_write"))),
        row.getLong("at"));
  }

  private static @Nullable RunId root(@Nullable String value) {
    return value == null ? null : new RunId(value);
  }

  private static String write(List<Standing.Key> windows) {
    ArrayNode array = Json.mapper().createArrayNode();
    windows.forEach(
        w -> array.addArray().add(w.budget().value()).add(w.subject()).add(w.startsAt()));
    return Json.write(array);
  }

  private static List<Standing.Key> windows(String text) {
    List<Standing.Key> windows = new ArrayList<>();
    for (JsonNode w : Json.parse(text)) {
      windows.add(
          new Standing.Key(
              new BudgetId(w.path(0).asText()), w.path(1).asText(), w.path(2).asLong()));
    }
    return windows;
  }
}
