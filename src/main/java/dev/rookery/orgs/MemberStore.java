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
    return tx.handle()
        .createQuery(
            """
            SELECT org_id, id, name, email, role, created_at FROM member
            WHERE org_id = :org AND id = :id
            """)
        .bind("org", org.value())
        .bind("id", id.value())
        .map(ROW)
        .findOne();
  }
}
