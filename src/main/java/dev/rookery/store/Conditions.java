package dev.rookery.store;

import dev.rookery.kernel.Id;
import dev.rookery.kernel.OrgId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The WHERE of a list with optional filters: only those that are given are in the statement, so
 * that an index on one of them is used.
 */
public final class Conditions {
  private final StringBuilder sql = new StringBuilder(" WHERE ");
  private final Map<String, Object> values = new LinkedHashMap<>();

  private Conditions(String column, OrgId org) {
    sql.append(column).append(" = :org");
    values.put("org", org.value());
  }

  public static Conditions in(OrgId org) {
    return new Conditions("org_id", org);
  }

  /**
   * As {@link #in(String, OrgId)}, for a list by id without other filters: it goes back in the
   * index of ids, instead of sorting all that the organization has.
   */
  public static Conditions byId(String column, OrgId org) {
    return new Conditions("(" + column + " || '')", org);
  }

  /** As {@link #in(OrgId)}, for a statement that joins. */
  public static Conditions in(String column, OrgId org) {
    return new Conditions(column, org);
  }

  /** One more condition, such as {@code agent_id = :agent}; none when the value is null. */
  public Conditions and(String condition, String name, @Nullable Object value) {
    if (value != null) {
      sql.append(" AND ").append(condition);
      values.put(name, value instanceof Id id ? id.value() : value);
    }
    return this;
  }

  /** A condition without a value. */
  public Conditions and(String condition) {
    sql.append(" AND ").append(condition);
    return this;
  }

  /** From {@code WHERE} on. */
  public String sql() {
    return sql.toString();
  }

  /** To be bound by name. */
  public Map<String, Object> values() {
    return values;
  }
}
