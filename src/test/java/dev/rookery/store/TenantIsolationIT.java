package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Organizations cannot see each other, even through a statement that forgot its filter. */
final class TenantIsolationIT {

  @ParameterizedTest
  @EnumSource(Engine.class)
  void every_table_with_tenant_data_has_an_org_id(Engine engine) {
    try (TestDatabase db = TestDatabases.fresh(engine)) {
      assertThat(tablesWithoutOrg(db.database()))
          .containsExactlyInAnyOrder("org", "schema_migration", "lease");
    }
  }

  private static List<String> tablesWithoutOrg(Database database) {
    String sql =
        switch (database.dialect()) {
          case SQLITE ->
              """
              SELECT name FROM sqlite_master t WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
              AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = 'org_id')
              """;
          case POSTGRESQL ->
              """
              SELECT table_name FROM information_schema.tables t
              WHERE table_schema = 'public' AND NOT EXISTS (
                SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'public'
                AND c.table_name = t.table_name AND c.column_name = 'org_id')
              """;
        };
    return database.readAcrossOrgs(tx -> tx.handle().createQuery(sql).mapTo(String.class).list());
  }

  @Test
  void every_tenant_table_forces_row_level_security() {
    try (TestDatabase db = TestDatabases.fresh(Engine.POSTGRESQL)) {
      List<String> open =
          db.database()
              .readAcrossOrgs(
                  tx ->
                      tx.handle()
                          .createQuery(
                              """
                              SELECT relname FROM pg_class WHERE relkind = 'r'
                              AND relnamespace = 'public'::regnamespace
                              AND NOT (relrowsecurity AND relforcerowsecurity)
                              """)
                          .mapTo(String.class)
                          .list());

      assertThat(open).containsExactlyInAnyOrder("schema_migration", "lease");
    }
  }

  @Test
  void rows_of_another_organization_are_invisible_even_without_a_filter() {
    try (TestDatabase db = TestDatabases.fresh(Engine.POSTGRESQL)) {
      Database database = db.database();
      OrgId ours = db.newOrg();
      OrgId theirs = db.newOrg();
      database.write(ours, tx -> Rows.member(tx, ours, "ada"));
      database.write(theirs, tx -> Rows.member(tx, theirs, "eve"));

      assertThat(emails(database, ours)).containsExactly("ada");
      assertThat(database.<Integer>read(ours, tx -> Rows.members(tx, theirs))).isZero();
      int changed =
          database.write(ours, tx -> tx.handle().execute("UPDATE member SET role = 'owner'"));
      assertThat(changed).as("rows an unfiltered update reaches").isEqualTo(1);
      assertThat(orgs(database, ours)).containsExactly(ours.value());
    }
  }

  @Test
  void rows_of_another_organization_cannot_be_inserted_or_moved() {
    try (TestDatabase db = TestDatabases.fresh(Engine.POSTGRESQL)) {
      Database database = db.database();
      OrgId ours = db.newOrg();
      OrgId theirs = db.newOrg();
      database.write(ours, tx -> Rows.member(tx, ours, "ada"));

      assertThatThrownBy(() -> database.write(ours, tx -> Rows.member(tx, theirs, "spy")))
          .hasMessageContaining("row-level security");
      assertThatThrownBy(
              () ->
                  database.write(
                      ours,
                      tx -> tx.handle().execute("UPDATE member SET org_id = ?", theirs.value())))
          .hasMessageContaining("row-level security");
    }
  }

  @Test
  void nothing_is_visible_when_no_organization_is_named() {
    try (TestDatabase db = TestDatabases.fresh(Engine.POSTGRESQL)) {
      Database database = db.database();
      OrgId org = db.newOrg();
      database.write(org, tx -> Rows.member(tx, org, "ada"));

      int seen =
          database.readAcrossOrgs(
              tx -> {
                tx.handle().execute("SELECT set_config('rookery.scope', '', true)");
                return Rows.members(tx, org);
              });

      assertThat(seen).isZero();
    }
  }

  @Test
  void the_scope_of_a_transaction_does_not_leak_into_the_next_on_its_connection() {
    try (TestDatabase db = TestDatabases.fresh(Engine.POSTGRESQL)) {
      Database database = db.database();
      OrgId ours = db.newOrg();
      OrgId theirs = db.newOrg();
      database.write(theirs, tx -> Rows.member(tx, theirs, "eve"));

      for (int i = 0; i < 30; i++) {
        database.readAcrossOrgs(tx -> Rows.members(tx, theirs));
        assertThat(emails(database, ours)).isEmpty();
      }
    }
  }

  @Test
  void a_superuser_role_is_refused() {
    TestPostgres server = TestPostgres.shared();
    String name = TestPostgres.nextName();
    server.createDatabase(name);

    assertThatThrownBy(() -> Databases.postgres(server.superuserSettings(name)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("NOBYPASSRLS")
        .extracting(e -> ((Refusal) e).code())
        .isEqualTo("role-bypasses-rls");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_database_of_a_newer_version_is_refused(Engine engine) {
    try (TestDatabase db = TestDatabases.fresh(engine)) {
      db.database()
          .writeAcrossOrgs(
              tx ->
                  tx.handle()
                      .execute("INSERT INTO schema_migration VALUES ('900-future', 'digest', 0)"));

      assertThatThrownBy(db::reopen)
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("900-future")
          .extracting(e -> ((Refusal) e).code())
          .isEqualTo("schema-newer");
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_migration_that_was_edited_after_its_release_is_refused(Engine engine) {
    try (TestDatabase db = TestDatabases.fresh(engine)) {
      db.database()
          .writeAcrossOrgs(tx -> tx.handle().execute("UPDATE schema_migration SET digest = 'x'"));

      assertThatThrownBy(db::reopen).hasMessageContaining("001-first-light differs");
    }
  }

  private static List<String> emails(Database database, OrgId org) {
    return database.read(
        org, tx -> tx.handle().createQuery("SELECT email FROM member").mapTo(String.class).list());
  }

  private static List<String> orgs(Database database, OrgId org) {
    return database.read(
        org, tx -> tx.handle().createQuery("SELECT id FROM org").mapTo(String.class).list());
  }
}
