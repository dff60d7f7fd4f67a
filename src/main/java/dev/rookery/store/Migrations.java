package dev.rookery.store;

import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Brings the schema up to date, in one transaction. A migration is {@code db/<name>.sql}:
 * statements that end with a semicolon and an empty line; a first line {@code -- sqlite} or {@code
 * -- postgresql} limits one to a dialect.
 */
final class Migrations {
  /** In order. A released one is never edited: its digest is checked. */
  private static final List<String> NAMES =
      List.of(
          "001-first-light",
          "002-policy",
          "003-approvals",
          "004-spend",
          "005-sandbox",
          "006-secrets",
          "007-checkpoints",
          "008-home-trust",
          "009-schedules",
          "010-waits",
          "011-webhooks",
          "012-own-schedules",
          "013-run-tools",
          "014-journal-agent",
          "015-workers",
          "016-audit",
          "017-run-origin");

  private static final long LOCK = 0x526f6f6b657279L;

  private Migrations() {}

  static void run(Handle handle, Dialect dialect, long now) {
    switch (dialect) {
      case SQLITE -> {
        handle.execute("BEGIN IMMEDIATE");
        try {
          apply(handle, dialect, now);
          handle.execute("COMMIT");
        } catch (RuntimeException e) {
          handle.execute("ROLLBACK");
          throw e;
        }
      }
      case POSTGRESQL -> {
        handle.execute("SELECT pg_advisory_xact_lock(?)", LOCK);
        handle.execute("SELECT set_config('rookery.scope', 'system', true)");
        if (apply(handle, dialect, now)) {
          isolateTenants(handle);
        }
      }
    }
  }

  private static boolean apply(Handle handle, Dialect dialect, long now) {
    handle.execute(
        """
        CREATE TABLE IF NOT EXISTS schema_migration (
          name TEXT PRIMARY KEY, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)
        """);
    Map<String, String> applied = new HashMap<>();
    handle
        .createQuery("SELECT name, digest FROM schema_migration")
        .map((row, _) -> Map.entry(row.getString("name"), row.getString("digest")))
        .forEach(e -> applied.put(e.getKey(), e.getValue()));
    refuseNewerSchema(applied);
    boolean changed = false;
    for (String name : NAMES) {
      String script = load(name);
      String digest = Digest.sha256(script);
      String before = applied.get(name);
      if (before == null) {
        statements(script, dialect).forEach(handle::execute);
        handle.execute("INSERT INTO schema_migration VALUES (?, ?, ?)", name, digest, now);
        changed = true;
      } else if (!before.equals(digest)) {
        throw new IllegalStateException(
            "migration " + name + " differs from the one applied to this database");
      }
    }
    return changed;
  }

  private static void refuseNewerSchema(Map<String, String> applied) {
    for (String name : applied.keySet()) {
      if (!NAMES.contains(name)) {
        throw new Refusal(
            Refusal.Kind.CONFLICT,
            "schema-newer",
            "The database has migration '"
                + name
                + "' of a newer Rookery. Start that version, or restore a backup.");
      }
    }
  }

  /** PostgreSQL only: every table with an organization shows rows of the named one and no other. */
  private static void isolateTenants(Handle handle) {
    List<String> tables =
        handle
            .createQuery(
                """
                SELECT c.table_name FROM information_schema.columns c
                JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.table_schema = current_schema() AND c.column_name = 'org_id' AND t.table_type = 'BASE TABLE'
                """)
            .mapTo(String.class)
            .list();
    tables.forEach(table -> isolate(handle, table, "org_id"));
    isolate(handle, "org", "id");
  }

  private static void isolate(Handle handle, String table, String column) {
    handle.execute("ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY");
    handle.execute("ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY");
    handle.execute("DROP POLICY IF EXISTS one_org ON " + table);
    handle.execute(
        "CREATE POLICY one_org ON "
            + table
            + " USING ("
            + column
            + " = current_setting('rookery.org', true)"
            + " OR current_setting('rookery.scope', true) = 'system')");
  }

  static List<String> statements(String script, Dialect dialect) {
    List<String> statements = new ArrayList<>();
    for (String part : script.split(";[ \t]*\n[ \t]*\n|;\\s*\\z", -1)) {
      String statement = part.strip().replace("${blob}", dialect.blobType());
      String first = statement.lines().findFirst().orElse("").toLowerCase(Locale.ROOT);
      boolean meant =
          !first.matches("-- (sqlite|postgresql)") || first.equals("-- " + dialect.marker());
      if (!statement.isEmpty() && meant) {
        statements.add(statement);
      }
    }
    return statements;
  }

  private static String load(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream("/db/" + name + ".sql")) {
      if (in == null) {
        throw new IllegalStateException("migration " + name + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
