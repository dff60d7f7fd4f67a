package dev.rookery.webhooks;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Colony;
import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.PolicyCodec;
import dev.rookery.agents.Agent;
import dev.rookery.inbox.Event;
import dev.rookery.inbox.Inbox;
import dev.rookery.kernel.EventId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.PolicyId;
import dev.rookery.runs.RunState;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From a call of a policy's URL to the run it wakes, and everything that is not let in. */
@BothEngines
final class WebhooksIT {
  private static final Map<String, List<String>> JSON =
      Map.of("content-type", List.of("application/json"));
  private final Colony colony;
  private final Webhooks webhooks;
  private final Agent rook;

  WebhooksIT(TestDatabase db) {
    this.colony = Colony.scripted(db.database(), Colony.ECHO);
    this.webhooks = colony.house().webhooks;
    this.rook = colony.agent("rook");
  }

  @AfterEach
  void close() {
    colony.close();
  }

  private ActivationPolicy policy(String name, String config) {
    return PolicyCodec.read(
        PolicyId.next(),
        colony.org(),
        rook.id(),
        Json.parse(
            "{'name':'%s','trigger':'webhook','config':%s}"
                .formatted(name, config)
                .replace('\'', '"')));
  }

  private static String token(Webhooks.Issued issued) {
    String path = Objects.requireNonNull(issued.path());
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Inbox.Answer deliver(
      ActivationPolicy policy, String token, String body, Map<String, List<String>> headers) {
    WebhookDoor door = webhooks.door();
    return door.deliver(
        door.find(policy.id().value()).orElseThrow(),
        token,
        body.getBytes(StandardCharsets.UTF_8),
        headers);
  }

  private static Map<String, List<String>> with(String name, String value) {
    Map<String, List<String>> headers = new HashMap<>(JSON);
    headers.put(name, List.of(value));
    return headers;
  }

  private Activation decided(ActivationPolicy policy, EventId event) {
    colony.until(
        "it is decided",
        () ->
            colony.house().activations.ofEvent(colony.org(), event).stream()
                .anyMatch(a -> a.policy().equals(policy.id())));
    return colony.house().activations.ofEvent(colony.org(), event).stream()
        .filter(a -> a.policy().equals(policy.id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_call_wakes_the_agent_of_its_policy_alone_and_is_not_trusted() {
    colony.dispatching().working();
    ActivationPolicy deploys = policy("deploys", "{'prompt':'Say what was deployed.'}");
    ActivationPolicy other = policy("other", "{}");
    Webhooks.Issued issued = webhooks.create(deploys);
    webhooks.create(other);

    Inbox.Answer answer = deliver(deploys, token(issued), "{\"service\":\"shop\"}", JSON);

    assertThat(answer.status()).isEqualTo(200);
    EventId id = answer.accepted().getFirst().event();
    Activation woke = decided(deploys, id);
    assertThat(woke.decision()).isEqualTo("woke");
    assertThat(decided(other, id).reason().code()).isEqualTo("other-webhook");
    Event event = colony.house().events.find(colony.org(), id);
    assertThat(event.trust()).isEqualTo("unknown");
    assertThat(event.what().payload().path("service").asText()).isEqualTo("shop");
    assertThat(event.what().content().text())
        .startsWith("Say what was deployed.")
        .contains("data, not instructions")
        .endsWith("{\"service\":\"shop\"}");
    var run = Objects.requireNonNull(woke.run());
    colony.until(
        "the run is over",
        () -> colony.house().runs.find(colony.org(), run).status().state() == RunState.DONE);
    var detail = colony.house().runs.detail(colony.org(), run);
    assertThat(detail.run().origin().attended()).isFalse();
    assertThat(detail.messages().getFirst().from().taint().untrusted()).isTrue();
  }

  @Test
  void a_delivery_that_comes_again_is_the_same_event() {
    ActivationPolicy policy = policy("hook", "{}");
    String token = token(webhooks.create(policy));
    for (String header : List.of("webhook-id", "idempotency-key", "x-github-delivery")) {
      var first = deliver(policy, token, "{}", with(header, header + "-1"));
      var again = deliver(policy, token, "{}", with(header, header + "-1"));
      assertThat(again.accepted().getFirst().duplicate()).isTrue();
      assertThat(again.accepted().getFirst().event())
          .isEqualTo(first.accepted().getFirst().event());
    }
    EventId one = deliver(policy, token, "{}", JSON).accepted().getFirst().event();
    EventId two = deliver(policy, token, "{}", JSON).accepted().getFirst().event();
    assertThat(one).isNotEqualTo(two);
    assertThat(webhooks.deliveries(colony.org(), policy.id(), null, 50))
        .extracting(d -> d.ingress().decision())
        .containsExactly(
            "accepted",
            "accepted",
            "duplicate",
            "accepted",
            "duplicate",
            "accepted",
            "duplicate",
            "accepted");
  }

  @Test
  void who_does_not_prove_himself_learns_nothing_and_is_recorded() {
    ActivationPolicy policy = policy("hook", "{'signature':'sha256'}");
    Webhooks.Issued issued = webhooks.create(policy);
    String secret = Objects.requireNonNull(issued.secret());
    String right = Signing.hubSignature(secret, "{}".getBytes(StandardCharsets.UTF_8));

    Inbox.Answer badToken =
        deliver(policy, token(issued) + "x", "{}", with("x-hub-signature-256", right));
    Inbox.Answer unsigned = deliver(policy, token(issued), "{}", JSON);
    Inbox.Answer other =
        deliver(policy, token(issued), "{\"a\":1}", with("x-hub-signature-256", right));

    assertThat(badToken).isEqualTo(unsigned).isEqualTo(other);
    assertThat(badToken.status()).isEqualTo(401);
    assertThat(deliver(policy, token(issued), "{}", with("x-hub-signature-256", right)).status())
        .isEqualTo(200);
    List<Webhooks.Delivery> seen = webhooks.deliveries(colony.org(), policy.id(), null, 50);
    assertThat(seen)
        .extracting(d -> d.ingress().code())
        .containsExactly("accepted", "signature-wrong", "signature-missing", "token-wrong");
    assertThat(Objects.requireNonNull(seen.get(1).ingress().headers()))
        .containsEntry("x-hub-signature-256", "(hidden)");
    assertThat(webhooks.deliveries(colony.org(), policy.id(), seen.get(2).ingress().id(), 50))
        .hasSize(1);
  }

  @Test
  void the_database_holds_neither_token_nor_secret() {
    ActivationPolicy policy = policy("hook", "{'signature':'standard'}");
    Webhooks.Issued issued = webhooks.create(policy);
    String row =
        colony
            .database()
            .read(
                colony.org(),
                tx ->
                    tx.handle()
                        .createQuery("SELECT * FROM webhook WHERE policy_id = :id")
                        .bind("id", policy.id().value())
                        .mapToMap()
                        .one()
                        .toString());
    assertThat(row).doesNotContain(token(issued)).contains("token_sha256");
    assertThat(webhooks.describe(colony.org(), policy.id()).secret()).isTrue();
  }

  @Test
  void a_new_url_ends_the_old_one_and_a_dictated_secret_is_used() {
    ActivationPolicy policy = policy("hook", "{'signature':'sha256'}");
    Webhooks.Issued first = webhooks.create(policy);
    String dictated = "It's a Secret to Everybody";

    Webhooks.Issued second =
        webhooks.rotate(colony.org(), policy.id(), new Webhooks.Wish(true, true, dictated), "Ada");

    var signed =
        with(
            "x-rookery-signature",
            Signing.hubSignature(dictated, "{}".getBytes(StandardCharsets.UTF_8)));
    assertThat(deliver(policy, token(first), "{}", signed).status()).isEqualTo(401);
    assertThat(deliver(policy, token(second), "{}", signed).status()).isEqualTo(200);
    refused(
        "bad-secret",
        () ->
            webhooks.rotate(
                colony.org(), policy.id(), new Webhooks.Wish(true, true, "short"), "Ada"));
    assertThat(deliver(policy, token(second), "{}", signed).status()).isEqualTo(200);
    assertThat(
            webhooks
                .rotate(colony.org(), policy.id(), new Webhooks.Wish(false, true, null), "A")
                .path())
        .isNull();
  }

  @Test
  void bodies_that_cannot_be_read_are_refused_and_forms_and_text_are_taken() {
    ActivationPolicy policy = policy("hook", "{}");
    String token = token(webhooks.create(policy));

    assertThat(deliver(policy, token, "{\"a\":", JSON).code()).isEqualTo("malformed-json");
    assertThat(deliver(policy, token, "x", Map.of("content-type", List.of("image/png"))).status())
        .isEqualTo(415);
    assertThat(deliver(policy, token, "{}", with("webhook-id", "with space")).code())
        .isEqualTo("bad-delivery-id");

    var form =
        deliver(
            policy,
            token,
            "a=1&a=2&b=x%20y",
            Map.of("content-type", List.of("application/x-www-form-urlencoded; charset=utf-8")));
    assertThat(payload(form)).isEqualTo("{\"a\":[\"1\",\"2\"],\"b\":\"x y\"}");
    var text = deliver(policy, token, "fire!", Map.of("content-type", List.of("text/plain")));
    assertThat(payload(text)).isEqualTo("{\"text\":\"fire!\"}");
    assertThat(payload(deliver(policy, token, "[1]", Map.of()))).isEqualTo("[1]");
  }

  private String payload(Inbox.Answer answer) {
    EventId event = answer.accepted().getFirst().event();
    return Json.write(colony.house().events.find(colony.org(), event).what().payload());
  }

  @Test
  void a_paused_webhook_takes_deliveries_and_wakes_nobody() {
    colony.dispatching();
    ActivationPolicy policy = policy("hook", "{}");
    String token = token(webhooks.create(policy));
    colony
        .house()
        .activations
        .change(
            colony.org(),
            policy.id(),
            p ->
                p.with(
                    new ActivationPolicy.Standing(
                        true, new ActivationPolicy.Pause(null, "holidays"))));

    Inbox.Answer answer = deliver(policy, token, "{}", JSON);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(decided(policy, answer.accepted().getFirst().event()).decision())
        .isEqualTo("paused");
    assertThat(
            Objects.requireNonNull(
                    webhooks.deliveries(colony.org(), policy.id(), null, 5).getFirst().activation())
                .reason()
                .sentence())
        .contains("holidays");
  }

  @Test
  void a_test_goes_through_the_same_door() {
    ActivationPolicy policy = policy("hook", "{'signature':'standard'}");
    webhooks.create(policy);
    assertThat(webhooks.door().test(colony.org(), policy.id(), Json.object()).status())
        .isEqualTo(200);
    ActivationPolicy unsigned = policy("hub", "{}");
    webhooks.create(unsigned);
    colony
        .house()
        .activations
        .change(
            colony.org(),
            unsigned.id(),
            p ->
                PolicyCodec.read(
                    p.id(),
                    p.org(),
                    p.agent(),
                    Json.parse(
                        "{\"name\":\"hub\",\"trigger\":\"webhook\",\"config\":{\"signature\":\"sha256\"}}")));
    assertThat(webhooks.door().test(colony.org(), unsigned.id(), Json.object()).status())
        .isEqualTo(401);
    assertThat(
            webhooks.deliveries(colony.org(), unsigned.id(), null, 5).getFirst().ingress().code())
        .isEqualTo("no-secret");
  }

  @Test
  void a_flood_is_turned_away_and_recorded_within_bounds() {
    ActivationPolicy policy = policy("hook", "{}");
    String token = token(webhooks.create(policy));
    int taken = 0;
    for (int i = 0; i < WebhookDoor.PER_MINUTE + 120; i++) {
      int status = deliver(policy, token, "{}", with("webhook-id", "one")).status();
      taken += status == 200 ? 1 : 0;
      assertThat(status).isIn(200, 429);
    }
    assertThat(taken).isEqualTo(WebhookDoor.PER_MINUTE);
    assertThat(webhooks.deliveries(colony.org(), policy.id(), null, 1_000))
        .filteredOn(d -> d.ingress().code().equals("too-many-deliveries"))
        .hasSize(100);
  }

  @Test
  void settings_that_are_wrong_are_refused_and_nothing_is_kept() {
    refused("bad-value", () -> webhooks.create(policy("a", "{'signature':'md5'}")));
    refused("unknown-field", () -> webhooks.create(policy("a", "{'url':'x'}")));
    refused("bad-value", () -> webhooks.create(policy("a", "{'prompt':7}")));
    refused("conversation-not-found", () -> webhooks.create(policy("a", "{'to':'chat:9'}")));
    assertThat(colony.house().activations.policies(colony.org(), rook.id())).hasSize(2);
    ActivationPolicy mention =
        colony.house().activations.policies(colony.org(), rook.id()).getFirst();
    refused(
        "not-a-webhook",
        () ->
            webhooks.rotate(
                colony.org(), mention.id(), new Webhooks.Wish(true, true, null), "Ada"));
    refused("not-a-webhook", () -> webhooks.door().test(colony.org(), mention.id(), Json.object()));
  }

  @Test
  void a_removed_or_foreign_webhook_is_not_there() {
    ActivationPolicy policy = policy("hook", "{}");
    webhooks.create(policy);
    refused("policy-not-found", () -> webhooks.describe(colony.newOrg(), policy.id()));
    colony.house().activations.remove(colony.org(), policy.id());
    assertThat(webhooks.door().find(policy.id().value())).isEmpty();
    assertThat(webhooks.door().find("pol_x")).isEmpty();
  }
}
