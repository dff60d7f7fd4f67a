package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.INTEGER;
import static dev.rookery.api.Shape.Kind.TEXT;
import static dev.rookery.api.Shape.Kind.TEXTS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Role;
import dev.rookery.orgs.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** API keys. Nobody makes or revokes a key that may do more than their own. */
final class KeyRoutes {
  private static final String KEY = "/api/v1/keys/{id}";
  private static final int MAX_DAYS = 3_650;
  private static final Shape NEW_KEY =
      Shape.of(
          "NewKey",
          required("name", TEXT, "what it is for; 1 to 100 characters"),
          required("role", TEXT, "what it may do; each role includes those after it")
              .oneOf("owner", "admin", "operator", "viewer"),
          optional(
              "scopes",
              TEXTS,
              "areas of the API that it is limited to, such as runs, or runs:read to look only;"
                  + " everything that its role may if not given"),
          optional("member", TEXT, "id of the member whose key it is; ends with them"),
          optional("expires_in_days", INTEGER, "1 to 3650; it does not expire if not given"));

  private final ApiKeys keys;
  private final Supplier<SortedSet<String>> areas;
  private final InstantSource clock;

  /**
   * @param areas that scopes may name
   */
  KeyRoutes(Rooms rooms, Supplier<SortedSet<String>> areas, InstantSource clock) {
    this.keys = rooms.ground().keys();
    this.areas = areas;
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
        .get(KEY)
        .does("Shows an API key, without its secret")
        .allows(Access.ADMIN)
        .answers(200, "Key")
        .by(call -> Reply.ok(view(keys.find(call.org(), id(call)))));
    routes
        .delete(KEY)
        .does("Revokes an API key at once")
        .allows(Access.ADMIN)
        .answers(204, null)
        .by(this::revoke);
  }

  private static KeyId id(Call call) {
    return call.id("key", "key", KeyId::new);
  }

  private Reply create(Call call) {
    Fields body = call.body(NEW_KEY);
    Role role = Role.of(body.text("role"));
    Scopes scopes = scopes(body);
    call.principal().requireToGive(role, scopes);
    Instant expires = null;
    if (body.has("expires_in_days")) {
      int days = body.number("expires_in_days").orElseThrow();
      if (days < 1 || days > MAX_DAYS) {
        throw Refusal.badInput("bad-value", "The field 'expires_in_days' is from 1 to 3650.");
      }
      expires = clock.instant().plus(Duration.ofDays(days));
    }
    ApiKey.Rights rights = new ApiKey.Rights(role, scopes, member(body));
    ApiKey.Created created =
        keys.create(call.org(), new ApiKey.Wish(body.text("name"), rights, expires));
    return Reply.json(201, view(created.key()).put("secret", created.secret()));
  }

  private Scopes scopes(Fields body) {
    Scopes scopes = new Scopes(body.texts("scopes"));
    for (String area : scopes.areas()) {
      if (!areas.get().contains(area)) {
        throw Refusal.badInput(
            "unknown-scope",
            "The API has no area '%s'; a scope is one of these, or one with :read to look only: %s.",
            Text.brief(area, 60),
            String.join(", ", areas.get()));
      }
    }
    return scopes;
  }

  private static @Nullable MemberId member(Fields body) {
    String member = body.textOrNull("member");
    if (member != null && !Ids.matches("mem", member)) {
      throw Refusal.notFound("member", Text.clean(member));
    }
    return member == null ? null : new MemberId(member);
  }

  private Reply revoke(Call call) {
    ApiKey key = keys.find(call.org(), id(call));
    call.principal().require(key.role());
    keys.revoke(call.org(), key.id());
    return Reply.nothing();
  }

  private static ObjectNode view(ApiKey key) {
    ApiKey.Lifetime lifetime = key.lifetime();
    MemberId member = key.rights().member();
    ObjectNode json =
        Json.object()
            .put("id", key.id().value())
            .put("name", key.name())
            .put("prefix", key.prefix())
            .put("role", key.role().spelled());
    var scopes = json.putArray("scopes");
    key.rights().scopes().list().forEach(scopes::add);
    return json.put("member", member == null ? null : member.value())
        .put("created_at", Times.of(lifetime.createdAt()))
        .put("expires_at", Times.of(lifetime.expiresAt()))
        .put("revoked_at", Times.of(lifetime.revokedAt()))
        .put("last_used_at", Times.of(lifetime.lastUsedAt()));
  }
}
