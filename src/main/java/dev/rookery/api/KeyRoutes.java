package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.INTEGER;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** API keys. Nobody makes or revokes a key that may do more than their own. */
final class KeyRoutes {
  private static final int MAX_DAYS = 3_650;
  private static final Shape NEW_KEY =
      Shape.of(
          "NewKey",
          required("name", TEXT, "what it is for; 1 to 100 characters"),
          required("role", TEXT, "what it may do; each role includes those after it")
              .oneOf("owner", "admin", "operator", "viewer"),
          optional("expires_in_days", INTEGER, "1 to 3650; it does not expire if not given"));

  private final ApiKeys keys;
  private final InstantSource clock;

  KeyRoutes(Rooms rooms, InstantSource clock) {
    this.keys = rooms.ground().keys();
    this.clock = clock;
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/keys")
        .does("Lists API keys, without their secrets")
        .allows(Access.ADMIN)
        .answers(200, "KeyList")
        .by(call -> Reply.all(keys.list(call.org()).reversed(), KeyRoutes::view));
    routes
        .post("/api/v1/keys")
        .does("Creates an API key; its secret is shown this once")
        .allows(Access.ADMIN)
        .takes(NEW_KEY)
        .answers(201, "CreatedKey")
        .by(this::create);
    routes
        .delete("/api/v1/keys/{id}")
        .does("Revokes an API key at once")
        .allows(Access.ADMIN)
        .answers(204, null)
        .by(this::revoke);
  }

  private Reply create(Call call) {
    Fields body = call.body(NEW_KEY);
    Role role = Role.of(body.text("role"));
    call.principal().require(role);
    Instant expires = null;
    if (body.has("expires_in_days")) {
      int days = body.number("expires_in_days").orElseThrow();
      if (days < 1 || days > MAX_DAYS) {
        throw Refusal.badInput("bad-value", "The field 'expires_in_days' is from 1 to 3650.");
      }
      expires = clock.instant().plus(Duration.ofDays(days));
    }
    ApiKey.Created created =
        keys.create(call.org(), new ApiKey.Wish(body.text("name"), role, expires));
    return Reply.json(201, view(created.key()).put("secret", created.secret()));
  }

  private Reply revoke(Call call) {
    KeyId id = call.id("key", "key", KeyId::new);
    ApiKey key =
        keys.list(call.org()).stream()
            .filter(candidate -> candidate.id().equals(id))
            .findFirst()
            .orElseThrow(() -> Refusal.notFound("key", id.value()));
    call.principal().require(key.role());
    keys.revoke(call.org(), id);
    return Reply.nothing();
  }

  private static ObjectNode view(ApiKey key) {
    ApiKey.Lifetime lifetime = key.lifetime();
    return Json.object()
        .put("id", key.id().value())
        .put("name", key.name())
        .put("prefix", key.prefix())
        .put("role", key.role().spelled())
        .put("created_at", Times.of(lifetime.createdAt()))
        .put("expires_at", Times.of(lifetime.expiresAt()))
        .put("revoked_at", Times.of(lifetime.revokedAt()))
        .put("last_used_at", Times.of(lifetime.lastUsedAt()));
  }
}
