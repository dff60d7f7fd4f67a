package dev.rookery.spend;

import dev.rookery.kernel.OrgId;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Sums over {@code spend_entry}. What was released was never bought and is not counted. */
final class SummaryStore {
  private static final String SUMS =
      """
      COUNT(*) AS calls, COALESCE(SUM(input), 0) AS input, COALESCE(SUM(output), 0) AS output,
      COALESCE(SUM(cache_read), 0) AS cache_read, COALESCE(SUM(cache_write), 0) AS cache_write,
      COALESCE(SUM(actual), 0) AS spent, COALESCE(MAX(estimated), 0) AS guessed,
      COALESCE(SUM(CASE WHEN state = 'reserved' THEN reserved ELSE 0 END), 0) AS held
      FROM spend_entry WHERE org_id = :org AND state <> 'released' AND at >= :from AND at < :to
      """;
  private static final int MAX_ROWS = 1_000;

  private SummaryStore() {}

  static Summary.Row total(Tx tx, OrgId org, Summary.Filter filter) {
    Map<String, String> wanted = wanted(filter);
    return bind(
            tx.handle().createQuery("SELECT '' AS what, " + SUMS + conditions(wanted)),
            org,
            filter,
            wanted)
        .map((row, _) -> row(row, row.getString("what")))
        .one();
  }

  static List<Summary.Row> rows(Tx tx, OrgId org, Summary.Filter filter, Summary.By by) {
    String column =
        switch (by) {
          case AGENT -> "agent_id";
          case MODEL -> "name";
          case CONTACT -> "COALESCE(contact, '')";
          case DAY -> "at / 86400000";
          case RUN -> "subject";
          case KIND -> "kind";
        };
    String order = by == Summary.By.DAY ? "what" : "spent DESC, calls DESC, what";
    Map<String, String> wanted = wanted(filter);
    return bind(
            tx.handle()
                .createQuery(
                    "SELECT %s AS what, ".formatted(column)
                        + SUMS
                        + conditions(wanted)
                        + " GROUP BY %s ORDER BY %s LIMIT %d".formatted(column, order, MAX_ROWS)),
            org,
            filter,
            wanted)
        .map(
            (row, _) ->
                row(
                    row,
                    by == Summary.By.DAY
                        ? LocalDate.ofEpochDay(row.getLong("what")).toString()
                        : row.getString("what")))
        .list();
  }

  /** Columns and the values they must have. */
  private static Map<String, String> wanted(Summary.Filter filter) {
    Map<String, String> wanted = new LinkedHashMap<>();
    put(wanted, "agent_id", filter.agent());
    put(wanted, "contact", filter.contact());
    put(wanted, "subject", filter.run());
    put(wanted, "root_run_id", filter.tree());
    put(wanted, "name", filter.name());
    return wanted;
  }

  private static void put(Map<String, String> wanted, String column, @Nullable Object value) {
    if (value != null) {
      wanted.put(column, value.toString());
    }
  }

  private static String conditions(Map<String, String> wanted) {
    StringBuilder sql = new StringBuilder();
    wanted.keySet().forEach(column -> sql.append(" AND %1$s = :%1$s".formatted(column)));
    return sql.toString();
  }

  private static Query bind(
      Query query, OrgId org, Summary.Filter filter, Map<String, String> wanted) {
    query
        .bind("org", org.value())
        .bind("from", filter.span().from())
        .bind("to", filter.span().to());
    wanted.forEach(query::bind);
    return query;
  }

  private static Summary.Row row(ResultSet row, String key) throws SQLException {
    return new Summary.Row(
        key,
        row.getLong("calls"),
        new Usage(
            row.getLong("input"),
            row.getLong("output"),
            row.getLong("cache_read"),
            row.getLong("cache_write")),
        new Money(row.getLong("spent")),
        new Money(row.getLong("held")),
        row.getInt("guessed") == 1);
  }
}
