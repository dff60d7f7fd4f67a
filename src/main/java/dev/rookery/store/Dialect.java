package dev.rookery.store;

/** The few places where SQLite and PostgreSQL differ. */
public enum Dialect {
  SQLITE("", "BLOB"),
  POSTGRESQL(" FOR UPDATE SKIP LOCKED", "BYTEA");

  private final String skipLocked;
  private final String blobType;

  Dialect(String skipLocked, String blobType) {
    this.skipLocked = skipLocked;
    this.blobType = blobType;
  }

  /**
   * Ends a SELECT that claims rows: rows that another node holds are passed over. SQLite has one
   * writer.
   */
  public String skipLocked() {
    return skipLocked;
  }

  /**
   * Ends a SELECT that must see the newest version of its rows and keep others off until commit.
   */
  public String lockRows() {
    return this == SQLITE ? "" : " FOR UPDATE";
  }

  /**
   * Whether transactions commit side by side. What all of them would lock stands in their way then.
   */
  public boolean sideBySide() {
    return this == POSTGRESQL;
  }

  String blobType() {
    return blobType;
  }

  /** The name that marks a statement of a migration as meant for this dialect only. */
  String marker() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
