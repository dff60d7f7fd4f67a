package dev.rookery.orgs;

import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key, without its secret.
 *
 * @param prefix the visible part of its spelling {@code rk_<prefix>_<secret>}
 */
public record ApiKey(
    OrgId org, KeyId id, String name, String prefix, Rights rights, Lifetime lifetime) {

  /** What it was made for. */
  public Role role() {
    return rights.role();
  }

  /**
   * What a key may do.
   *
   * @param role as it was made; it counts less while its member has a lower one
   * @param member whose key it is; null when it belongs to nobody
   */
  public record Rights(Role role, Scopes scopes, @Nullable MemberId member) {}

  /** Epoch milliseconds; null means never (yet). */
  public record Lifetime(
      long createdAt,
      @Nullable Long expiresAt,
      @Nullable Long revokedAt,
      @Nullable Long lastUsedAt) {}

  /**
   * What a new key shall be; refused as {@code bad-name} without a name.
   *
   * @param expires null means it does not expire
   */
  public record Wish(String name, Rights rights, @Nullable Instant expires) {
    public Wish {
      name = Text.clean(name).strip();
      if (name.isEmpty() || name.length() > 100) {
        throw Refusal.badInput("bad-name", "The name of an API key has 1 to 100 characters.");
      }
    }

    /** A key that belongs to nobody and may do all that its role may. */
    public Wish(String name, Role role, @Nullable Instant expires) {
      this(name, new Rights(role, Scopes.EVERYTHING, null), expires);
    }
  }

  /** A key just made. The secret is shown to its owner once and stored nowhere. */
  public record Created(ApiKey key, String secret) {
    @Override
    public String toString() {
      return "Created[" + key + "]";
    }
  }
}
