package dev.rookery.orgs;

import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Rows of {@code member}. */
final class MemberStore {
  private static final RowMapper<Member> ROW =
      (row, _) ->
          new Member(
              new OrgId(row.getString("org_id")),
              new MemberId(row.getString("id")),
              row.getString("name"),
              row.getString("email"),
              Role.of(row.getString("role")),
              row.getLong("created_at"));

  private MemberStore() {}

  /** Returns 0 when the e-mail is taken. */
  static int insert(Tx tx, OrgId org, Member member) {
    return tx.handle()
        .createUpdate(
            """
            INSERT INTO member (org_id, id, name, email, role, created_at)
            VALUES (:org, :id, :name, :email, :role, :createdAt)
            ON CONFLICT (org_id, email) DO NOTHING
            """)
        .bind("org", org.value())
        .bind("id", member.id().value())
        .bind("name", member.name())
        .bind("email", member.email())
        .bind("role", member.role().spelled())
        .bind("createdAt", member.createdAt())
        .execute();
  }

  static List<Member> all(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery(
            """
            SELECT org_id, id, name, email, role, created_at FROM member
            WHERE org_id = :org ORDER BY id
            """)
        .bind("org", org.value())
        .map(ROW)
        .list();
  }

  static Optional<Member> find(Tx tx, OrgId org, MemberId id) {
    return find(tx, org, id, "");
  }

  /** Nobody else changes or removes the member before the transaction is over. */
  static Optional<Member> lock(Tx tx, OrgId org, MemberId id) {
    return find(tx, org, id, tx.dialect().lockRows());
  }

  private static Optional<Member> find(Tx tx, OrgId org, MemberId id, String lock) {
    return tx.handle()
        .createQuery(
            """
            SELECT org_id, id, name, email, role, created_at FROM member
            WHERE org_id = :org AND id = :id
            """
                + lock)
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }

  /** How many owners there are; none of them changes before the transaction is over. */
  static int lockOwners(Tx tx, OrgId org) {
    return tx.handle()
        .createQuery(
            "SELECT id FROM member WHERE org_id = :org AND role = 'owner' ORDER BY id"
                + tx.dialect().lockRows())
        .bind("org", org.value())
        .mapTo(String.class)
        .list()
        .size();
  }

  static void update(Tx tx, OrgId org, Member member) {
    tx.handle()
        .createUpdate(
            "UPDATE member SET name = :name, role = :role WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", member.id().value())
        .bind("name", member.name())
        .bind("role", member.role().spelled())
        .execute();
  }

  static void delete(Tx tx, OrgId org, MemberId id) {
    tx.handle()
        .createUpdate("DELETE FROM member WHERE org_id = :org AND id = :id")
        .bind("org", org.value())
        .bind("id", id.value())
        .execute();
  }
}
