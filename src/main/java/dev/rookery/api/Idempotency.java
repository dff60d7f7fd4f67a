package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.ops.Loop;
import dev.rookery.orgs.Principal;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.StorageUnavailable;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A POST with a key is performed once. The key is claimed in a commit of its own before, and the
 * answer is stored after; what a crash leaves between the two is told, never silently repeated.
 */
final class Idempotency {
  static final String HEADER = "Idempotency-Key";
  static final String REPLAYED = "Idempotency-Replayed";
  static final Pattern KEY = Pattern.compile("[!-~]{1,200}");
  private static final Logger log = LoggerFactory.getLogger(Idempotency.class);
  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration ROUND = Duration.ofHours(1);

  /** After so long nobody performs a request any more. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Answers that are shown once. */
  private static final Set<String> SECRETS = Set.of("secret", "signing_secret", "token");

  private static final Set<String> SECRET_HOOKS = Set.of("CreatedPolicy", "IssuedHook");
  private static final Set<String> HOOK_SECRETS = Set.of("path", "url");

  /** They remember the key with the event that they make, for ever. */
  private static final Set<String> THEIR_OWN =
      Set.of(
          "/api/v1/agents/{id}/messages",
          "/api/v1/runs",
          "/api/v1/runs/{id}/retry",
          "/api/v1/runs/{id}/fork");

  private final Database database;
  private final String owner = Ids.next("own");
  private final Set<IdempotencyStore.Key> underWay = ConcurrentHashMap.newKeySet();

  Idempotency(Database database) {
    this.database = database;
  }

  /** What performs a request that came for the first time. */
  interface Once {
    Reply perform() throws InterruptedException;
  }

  /** Forgets keys after a day, until the result is closed. */
  Loop serve() {
    return Loop.start(
        "idempotency-pruning",
        ROUND,
        () -> {
          database.writeAcrossOrgs(tx -> IdempotencyStore.prune(tx, tx.now() - KEPT.toMillis()));
          return false;
        });
  }

  /**
   * The answer, the first time or stored.
   *
   * @throws Refusal {@code bad-idempotency-key}, {@code idempotency-key-reused}, {@code
   *     idempotency-key-in-use}, {@code idempotency-outcome-unknown}, or what the request refuses
   */
  Reply perform(Route route, Request request, @Nullable Principal principal, Once once)
      throws InterruptedException {
    String given = request.header(HEADER);
    if (given == null
        || principal == null
        || !route.method().equals("POST")
        || THEIR_OWN.contains(route.path())) {
      return once.perform();
    }
    if (!KEY.matcher(given).matches()) {
      throw Refusal.badInput(
          "bad-idempotency-key", "An Idempotency-Key has 1 to 200 printable ASCII characters.");
    }
    OrgId org = principal.org();
    IdempotencyStore.Key key = new IdempotencyStore.Key(principal.key(), given);
    String hash = hash(route, request, principal);
    if (!underWay.add(key)) {
      throw inUse(given);
    }
    try {
      IdempotencyStore.Claim wish =
          new IdempotencyStore.Claim(hash, route.name(), owner, 0, null, 0);
      if (database.write(org, tx -> IdempotencyStore.claim(tx, org, key, wish))) {
        return first(route, org, key, once);
      }
      return again(org, key, hash);
    } finally {
      underWay.remove(key);
    }
  }

  /** What is refused changed nothing, so that its key may be used again. */
  private Reply first(Route route, OrgId org, IdempotencyStore.Key key, Once once)
      throws InterruptedException {
    Reply reply;
    try {
      reply = once.perform();
    } catch (Refusal | Problem.Thrown refused) {
      database.write(
          org,
          tx -> {
            IdempotencyStore.release(tx, org, key);
            return key;
          });
      throw refused;
    }
    try {
      String body = kept(route, reply);
      database.write(
          org,
          tx -> {
            IdempotencyStore.answered(tx, org, key, reply.status(), body);
            return key;
          });
    } catch (StorageUnavailable e) {
      log.warn("the answer of {} could not be kept; its key will be told as unknown", route.name());
    }
    return reply;
  }

  private Reply again(OrgId org, IdempotencyStore.Key key, String hash) {
    IdempotencyStore.Claim claim =
        database
            .read(org, tx -> IdempotencyStore.find(tx, org, key))
            .orElseThrow(() -> inUse(key.given()));
    if (!claim.requestHash().equals(hash)) {
      throw conflict(
          "idempotency-key-reused",
          "This Idempotency-Key was used for another request, "
              + claim.route()
              + " at "
              + Times.of(claim.at())
              + "; nothing was done. Use a new key for a new request.");
    }
    if (claim.status() != 0) {
      String body = claim.body();
      return new Reply(
          claim.status(),
          Reply.JSON,
          (body == null ? "" : body).getBytes(StandardCharsets.UTF_8),
          Map.of(REPLAYED, "true"));
    }
    if (mayBeUnderWay(org, claim)) {
      throw inUse(key.given());
    }
    throw conflict(
        "idempotency-outcome-unknown",
        "The server stopped while it performed "
            + claim.route()
            + " of "
            + Times.of(claim.at())
            + ", or could not store how it ended. It may have happened: look at what it would have made or"
            + " changed, and only if it did not happen send it again with a new Idempotency-Key.");
  }

  /** Here it is not, or it would be in memory; SQLite has one process. */
  private boolean mayBeUnderWay(OrgId org, IdempotencyStore.Claim claim) {
    return !claim.owner().equals(owner)
        && database.dialect() != Dialect.SQLITE
        && database.read(org, tx -> tx.now() - claim.at() < LONGEST.toMillis());
  }

  private static Refusal inUse(String key) {
    return conflict(
        "idempotency-key-in-use",
        "A request with the Idempotency-Key "
            + key
            + " is being performed. Ask again for its answer in a moment.");
  }

  private static Refusal conflict(String code, String message) {
    return new Refusal(Refusal.Kind.CONFLICT, code, message);
  }

  /** Without what is shown once. */
  private static String kept(Route route, Reply reply) {
    if (reply.body().length == 0) {
      return "";
    }
    JsonNode json = Json.parse(reply.body());
    forget(json, SECRETS);
    if (SECRET_HOOKS.contains(String.valueOf(route.doc().response()))) {
      forget(json, HOOK_SECRETS);
    }
    return Json.write(json);
  }

  private static void forget(JsonNode json, Set<String> names) {
    if (json instanceof ObjectNode object) {
      for (String name : names) {
        if (object.path(name).isTextual()) {
          object.putNull(name);
        }
      }
    }
    json.forEach(inner -> forget(inner, names));
  }

  /**
   * Of the request as it came. Made with the caller's key, which is not stored: a body may hold a
   * secret that is short enough to be guessed.
   */
  private static String hash(Route route, Request request, Principal principal) {
    StringBuilder what = new StringBuilder(route.name());
    route.parameters().forEach(name -> what.append('\n').append(request.path(name)));
    request.queryNames().stream()
        .sorted()
        .forEach(name -> what.append('\n').append(name).append('=').append(request.query(name)));
    what.append('\n');
    String authorization = request.header("Authorization");
    String secret = authorization == null ? principal.key().value() : authorization;
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update(what.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of()
          .formatHex(mac.doFinal(route.doc().request() == null ? new byte[0] : request.body()));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
