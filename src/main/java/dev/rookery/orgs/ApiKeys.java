package dev.rookery.orgs;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** API keys: made, listed, revoked and recognised (spec 08, "API"). */
public final class ApiKeys {
  private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);
  private static final Pattern SPELLING = Pattern.compile("rk_([a-z0-9]{8})_[A-Za-z0-9_-]{43}");
  private static final long TOUCH_EVERY_MS = 60_000;
  private static final String NO_SUCH_HASH = Digest.sha256("");

  private final Database database;
  private final Journal journal;
  private final Executor background;
  private final Set<KeyId> beingTouched = ConcurrentHashMap.newKeySet();

  /**
   * @param background records the last use of keys, so that no request waits for it
   */
  public ApiKeys(Database database, Journal journal, Executor background) {
    this.database = database;
    this.journal = journal;
    this.background = background;
  }

  /**
   * A new key. Its secret is in the answer and nowhere else.
   *
   * @throws Refusal {@code bad-expiry} when it would be expired already
   */
  public ApiKey.Created create(OrgId org, ApiKey.Wish wish) {
    return database.write(org, tx -> create(tx, org, wish));
  }

  ApiKey.Created create(Tx tx, OrgId org, ApiKey.Wish wish) {
    Long expiresAt = wish.expires() == null ? null : wish.expires().toEpochMilli();
    if (expiresAt != null && expiresAt <= tx.now()) {
      throw Refusal.badInput("bad-expiry", "The API key would expire in the past.");
    }
    String prefix = Tokens.prefix();
    String secret = "rk_" + prefix + '_' + Tokens.secret();
    ApiKey key =
        new ApiKey(
            org,
            KeyId.next(),
            wish.name(),
            prefix,
            wish.role(),
            new ApiKey.Lifetime(tx.now(), expiresAt, null, null));
    ApiKeyStore.insert(tx, org, key, Digest.sha256(secret));
    append(tx, key, "key.created");
    return new ApiKey.Created(key, secret);
  }

  /** Oldest first, revoked ones included. */
  public List<ApiKey> list(OrgId org) {
    return database.read(org, tx -> ApiKeyStore.all(tx, org));
  }

  /**
   * From the commit on the key is recognised no more. Revoking again changes nothing.
   *
   * @throws Refusal {@code key-not-found}
   */
  public ApiKey revoke(OrgId org, KeyId id) {
    return database.write(
        org,
        tx -> {
          boolean changed = ApiKeyStore.revoke(tx, org, id) == 1;
          ApiKey key =
              ApiKeyStore.find(tx, org, id).orElseThrow(() -> Refusal.notFound("key", id.value()));
          if (changed) {
            append(tx, key, "key.revoked");
          }
          return key;
        });
  }

  /**
   * Recognises a key.
   *
   * @throws Refusal {@code bad-key}, {@code key-revoked}, {@code key-expired}
   */
  public Principal authenticate(String presented) {
    var spelled = SPELLING.matcher(presented);
    if (!spelled.matches()) {
      throw refused("bad-key", "The API key is not known; keys look like rk_<prefix>_<secret>.");
    }
    String hash = Digest.sha256(presented);
    return database.readAcrossOrgs(tx -> recognise(tx, spelled.group(1), hash));
  }

  private Principal recognise(Tx tx, String prefix, String hash) {
    List<ApiKeyStore.Hashed> candidates = ApiKeyStore.byPrefix(tx, prefix);
    if (candidates.isEmpty()) {
      Digest.sameSecret(hash, NO_SUCH_HASH); // an unknown prefix takes as long as a wrong secret
    }
    ApiKey key =
        candidates.stream()
            .filter(candidate -> Digest.sameSecret(hash, candidate.hash()))
            .map(ApiKeyStore.Hashed::key)
            .findFirst()
            .orElseThrow(() -> refused("bad-key", "The API key is not known."));
    Refusal ended = ended(key, tx.now()).orElse(null);
    if (ended != null) {
      throw ended;
    }
    touchLater(key, tx.now());
    return new Principal(key.org(), key.id(), key.name(), key.role());
  }

  /**
   * Looks again at keys that were recognised before, with one query: those that may not go on, each
   * with the refusal {@code key-revoked}, {@code key-expired} or {@code role-too-low}.
   *
   * @param needed the role that what they do needs
   */
  public Map<KeyId, Refusal> refused(Collection<KeyId> ids, Role needed) {
    return database.readAcrossOrgs(
        tx -> {
          Map<KeyId, Refusal> refused = new HashMap<>();
          ids.forEach(id -> refused.put(id, refused("key-revoked", "The API key is gone.")));
          for (ApiKey key : ApiKeyStore.these(tx, ids)) {
            Refusal why = ended(key, tx.now()).or(() -> tooLow(key, needed)).orElse(null);
            if (why == null) {
              refused.remove(key.id());
            } else {
              refused.put(key.id(), why);
            }
          }
          return refused;
        });
  }

  private static Optional<Refusal> tooLow(ApiKey key, Role needed) {
    try {
      new Principal(key.org(), key.id(), key.name(), key.role()).require(needed);
      return Optional.empty();
    } catch (Refusal refusal) {
      return Optional.of(refusal);
    }
  }

  private static Optional<Refusal> ended(ApiKey key, long now) {
    Long expiresAt = key.lifetime().expiresAt();
    if (key.lifetime().revokedAt() != null) {
      return Optional.of(refused("key-revoked", "The API key '" + key.name() + "' was revoked."));
    }
    return expiresAt != null && expiresAt <= now
        ? Optional.of(refused("key-expired", "The API key '" + key.name() + "' has expired."))
        : Optional.empty();
  }

  private static Refusal refused(String code, String message) {
    return new Refusal(Refusal.Kind.UNAUTHENTICATED, code, message);
  }

  /** Once a minute is precise enough for people, and keeps busy keys from writing all the time. */
  private void touchLater(ApiKey key, long now) {
    Long last = key.lifetime().lastUsedAt();
    if ((last == null || now - last >= TOUCH_EVERY_MS) && beingTouched.add(key.id())) {
      try {
        background.execute(() -> touch(key));
      } catch (RejectedExecutionException e) {
        beingTouched.remove(key.id());
        log.debug("shutting down; the last use of key {} is not recorded", key.id());
      }
    }
  }

  private void touch(ApiKey key) {
    try {
      database.write(key.org(), tx -> ApiKeyStore.touch(tx, key.org(), key.id(), TOUCH_EVERY_MS));
    } catch (RuntimeException e) {
      log.warn("the last use of key {} was not recorded; its next use tries again", key.id(), e);
    } finally {
      beingTouched.remove(key.id());
    }
  }

  private void append(Tx tx, ApiKey key, String kind) {
    journal.append(
        tx,
        key.org(),
        new JournalEntry(
            kind,
            key.id().value(),
            null,
            Json.object()
                .put("name", key.name())
                .put("prefix", key.prefix())
                .put("role", key.role().spelled())));
  }
}
