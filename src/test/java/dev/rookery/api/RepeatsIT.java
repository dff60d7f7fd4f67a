package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.orgs.Principal;
import dev.rookery.orgs.Role;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A request with a key of its caller's is performed once, whatever happens. */
@BothEngines
final class RepeatsIT {
  private final TestDatabase db;
  private final OrgId org = OrgId.next();
  private final Principal ada = new Principal(org, KeyId.next(), "ada", Role.OWNER);
  private final AtomicInteger performed = new AtomicInteger();
  private final Route route;

  RepeatsIT(TestDatabase db) {
    this.db = db;
    db.database()
        .writeAcrossOrgs(
            tx -> {
              Rows.org(tx, org);
              return org;
            });
    Routes routes = new Routes();
    routes
        .post("/api/v1/things")
        .does("Makes a thing")
        .allows(Access.OPERATOR)
        .takes(Shape.of("Thing", Shape.Field.required("name", Shape.Kind.TEXT, "its name")))
        .answers(201, "CreatedKey")
        .by(_ -> made());
    this.route = routes.all().getFirst();
  }

  private Reply made() {
    return Reply.json(
        201,
        Json.object().put("number", performed.incrementAndGet()).put("secret", "rk_shown_once"));
  }

  private record Asked(@Nullable String key, String text) implements Request {
    @Override
    public String path(String parameter) {
      return "x";
    }

    @Override
    public @Nullable String query(String name) {
      return null;
    }

    @Override
    public Set<String> queryNames() {
      return Set.of();
    }

    @Override
    public @Nullable String header(String name) {
      return name.equals(Idempotency.HEADER) ? key : null;
    }

    @Override
    public byte[] body() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  private Reply ask(Idempotency idempotency, Asked request) throws InterruptedException {
    return idempotency.perform(route, request, ada, this::made);
  }

  private static void refused(String code, Runnable asking) {
    assertThatThrownBy(asking::run)
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private Reply unchecked(Idempotency idempotency, Asked request) {
    try {
      return ask(idempotency, request);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void the_same_again_is_answered_from_the_store_and_without_the_secret() throws Exception {
    Idempotency idempotency = new Idempotency(db.database());
    Reply first = ask(idempotency, new Asked("k", "{}"));
    Reply again = ask(new Idempotency(db.database()), new Asked("k", "{}"));

    assertThat(performed).hasValue(1);
    assertThat(first.headers()).isEmpty();
    assertThat(again.headers()).containsEntry(Idempotency.REPLAYED, "true");
    assertThat(again.status()).isEqualTo(201);
    JsonNode json = Json.parse(again.body());
    assertThat(json.path("number").asInt()).isEqualTo(1);
    assertThat(json.path("secret").isNull()).isTrue();
    refused("idempotency-key-reused", () -> unchecked(idempotency, new Asked("k", "{ }")));
    refused("bad-idempotency-key", () -> unchecked(idempotency, new Asked("a b", "{}")));
    ask(idempotency, new Asked(null, "{}"));
    ask(idempotency, new Asked("other", "{}"));
    assertThat(performed).hasValue(3);
  }

  @Test
  void while_it_is_performed_it_is_in_use_and_a_refusal_frees_the_key() throws Exception {
    Idempotency idempotency = new Idempotency(db.database());
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Idempotency.Once slow =
        () -> {
          begun.countDown();
          assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
          throw Refusal.badInput("bad-thing", "It is bad.");
        };
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
            () ->
                refused(
                    "bad-thing",
                    () -> {
                      try {
                        idempotency.perform(route, new Asked("k", "{}"), ada, slow);
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                    }));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    refused("idempotency-key-in-use", () -> unchecked(idempotency, new Asked("k", "{}")));
    go.countDown();
    first.get(10, TimeUnit.SECONDS);
    assertThat(ask(idempotency, new Asked("k", "{}")).status()).isEqualTo(201);
  }

  @Test
  void what_a_crash_left_open_is_told_and_never_repeated() throws Exception {
    Idempotency idempotency = new Idempotency(db.database());
    assertThatThrownBy(
            () ->
                idempotency.perform(
                    route,
                    new Asked("k", "{}"),
                    ada,
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .isInstanceOf(IllegalStateException.class);

    refused("idempotency-outcome-unknown", () -> unchecked(idempotency, new Asked("k", "{}")));
    assertThat(performed).hasValue(0);
    db.database().writeAcrossOrgs(tx -> IdempotencyStore.prune(tx, tx.now() + 1));
    assertThat(ask(idempotency, new Asked("k", "{}")).status()).isEqualTo(201);
  }

  @Test
  void keys_of_two_callers_do_not_meet() throws Exception {
    Idempotency idempotency = new Idempotency(db.database());
    Principal bob = new Principal(org, KeyId.next(), "bob", Role.OWNER);
    for (Principal who : List.of(ada, bob)) {
      idempotency.perform(route, new Asked("same", "{}"), who, this::made);
    }
    assertThat(performed).hasValue(2);
  }
}
