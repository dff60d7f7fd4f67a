package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.Colony;
import dev.rookery.House;
import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.DeliveryLoop;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.demo.SampleUpdates;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.RunId;
import dev.rookery.orgs.Role;
import dev.rookery.policy.Grant.Verdict;
import dev.rookery.policy.StoredGrant;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The forcing function of spec 01, over a local Bot API: an agent posts to a chat every hour; its
 * wording, its token and its access are changed by those who may.
 */
@BothEngines
final class HourlyPostIT {
  private static final String SECRET = "hook-secret-1";
  private static final long CHAT = 501;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: the time}}
          then: {tool_calls: [{tool: current_time, arguments: {}}]}
        - when: {tool_result: {tool: current_time, error: true}}
          then: {text: "I may not look at the clock."}
        - when: {tool_result: {tool: current_time}}
          then: {text: "I looked at the clock."}
        - then: {text: "{{last_user_text}}"}
      """;

  private final TestDatabase db;
  private final LocalBotApi botApi = LocalBotApi.start();
  private final Colony colony;
  private final House house;
  private final TestServer server;
  private final String owner;
  private final Agent rook;
  private final Integration bot;
  private final String policy;

  HourlyPostIT(TestDatabase db) {
    this.db = db;
    this.colony = Colony.scripted(db.database(), SCRIPT).dispatching();
    this.house = colony.house();
    this.server = TestServer.over(house, colony.org());
    this.owner = server.key(Role.OWNER);
    this.rook =
        house.agents.create(colony.org(), new NewAgent("rook", "Rook", "Be helpful.", null));
    colony.rule(rook, Verdict.ALLOW, "current_time");
    this.bot = bot();
    DeliveryLoop deliveries =
        colony.keep(
            house.deliveries.serve(
                new Deliveries.Serving(
                    NodeId.next(),
                    house.integrations,
                    house.conversations,
                    house.senders,
                    house.artifacts)));
    house.outbox.onQueued(deliveries::wake);
    colony.working();
    colony.keep(house.occurrences.serve());
    this.policy = hourly("rook", conversation());
  }

  @AfterEach
  void close() {
    server.close();
    colony.close();
    botApi.close();
  }

  private Integration bot() {
    ObjectNode config =
        Json.object()
            .put("base_url", botApi.baseUrl().toString())
            .put("bot_username", botApi.bot().username())
            .put("bot_id", botApi.bot().id());
    return house.integrations.create(
        colony.org(),
        new NewIntegration(
            "telegram",
            "bot",
            config,
            Map.of("bot_token", botApi.bot().token(), "webhook_secret", SECRET),
            List.of(rook.id())));
  }

  /** A person writes first, as Telegram wants it; the key of the chat with them. */
  private String conversation() {
    SampleUpdates updates = new SampleUpdates(botApi.bot(), db.clock(), 1_000);
    byte[] body = Json.write(updates.privateText(CHAT, "hello")).getBytes(StandardCharsets.UTF_8);
    house.inbox.deliver(
        bot,
        house.receivers.of("telegram").orElseThrow(),
        body,
        Map.of("x-telegram-bot-api-secret-token", List.of(SECRET)));
    botApi.awaitMessages(1, Duration.ofSeconds(20));
    return colony.runs().getFirst().conversation();
  }

  private String hourly(String agent, String conversation) {
    ObjectNode wish = Json.object().put("name", "hourly post").put("trigger", "interval");
    wish.putObject("config")
        .put("every_ms", HOUR.toMillis())
        .put("prompt", "Post the time.")
        .put("to", conversation);
    var answer = server.post(owner, "/api/v1/agents/" + agent + "/policies", Json.write(wish));
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(201);
    return answer.json().path("id").asText();
  }

  private JsonNode get(String path) {
    var answer = server.get(owner, path);
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    return answer.json();
  }

  /** Newest first. */
  private JsonNode ledger() {
    return ledger(policy);
  }

  /** An hour goes by; the line of the ledger, when its run is over and its message sent or not. */
  private JsonNode afterAnHour() {
    int before = ledger().size();
    db.clock().advance(HOUR);
    colony.until(
        "the next time has its verdict and its result",
        () -> ledger().size() > before && !ledger().path(0).path("result").isNull());
    assertThat(ledger()).hasSize(before + 1);
    return ledger().path(0);
  }

  private List<String> posts() {
    return botApi.messages(CHAT).stream().skip(1).map(LocalBotApi.Message::text).toList();
  }

  private static JsonNode named(JsonNode items, String field, String name) {
    return items
        .valueStream()
        .filter(item -> item.path(field).asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode card() {
    return get("/api/v1/agents/rook/wake-card");
  }

  private long journaled(String kind) {
    return colony.journal().stream().filter(r -> r.entry().kind().equals(kind)).count();
  }

  @Test
  void each_hour_is_one_run_with_a_trace_and_a_message_in_the_chat() {
    Instant created = db.clock().instant();
    for (int hour = 1; hour <= 3; hour++) {
      JsonNode line = afterAnHour();

      assertThat(Instant.parse(line.path("nominal_at").asText()))
          .isEqualTo(created.plus(HOUR.multipliedBy(hour)));
      assertThat(line.path("verdict").asText()).isEqualTo("fired");
      assertThat(line.path("result").asText()).isEqualTo("done");
      RunId run = new RunId(line.path("run").asText());
      assertThat(house.artifacts.ofRun(colony.org(), run))
          .singleElement()
          .satisfies(
              post -> {
                assertThat(post.remoteId())
                    .endsWith(Long.toString(botApi.messages(CHAT).getLast().id()));
                assertThat(Instant.ofEpochMilli(post.at()))
                    .isBetween(created, db.clock().instant());
              });
      assertThat(get("/api/v1/runs/" + run).path("steps"))
          .extracting(step -> step.path("kind").asText())
          .containsExactly("model", "tool", "model", "reply");
    }
    assertThat(posts()).hasSize(3).containsOnly("I looked at the clock.");
    assertThat(ledger()).extracting(line -> line.path("run").asText()).doesNotHaveDuplicates();
    assertThat(colony.runs()).hasSize(4);
    String last = ledger().path(0).path("run").asText();
    assertThat(Json.write(get("/api/v1/runs/" + last + "/why"))).contains(policy, "current_time");
  }

  @Test
  void another_wording_is_another_post() {
    assertThat(afterAnHour().path("result").asText()).isEqualTo("done");

    var changed =
        server.call(
            "PATCH",
            "/api/v1/policies/" + policy,
            owner,
            "{\"config\":{\"prompt\":\"High tide is at noon.\"}}");
    assertThat(changed.status()).as(changed.json().toString()).isEqualTo(200);

    assertThat(afterAnHour().path("result").asText()).isEqualTo("done");
    assertThat(posts()).containsExactly("I looked at the clock.", "High tide is at noon.");
  }

  @Test
  void a_revoked_token_is_seen_with_its_cause_and_told_once() {
    house.inbox.acceptAll(colony.org(), List.of(Colony.line("desk", "here we are")), rook.id());
    colony.until("the desk is there", () -> !colony.said("desk").isEmpty());
    assertThat(
            server
                .call("PUT", "/api/v1/approval-desk", owner, "{\"conversation\":\"desk\"}")
                .status())
        .isEqualTo(200);
    botApi.revokeToken();

    for (int hour = 1; hour <= 2; hour++) {
      JsonNode line = afterAnHour();

      assertThat(line.path("verdict").asText()).isEqualTo("fired");
      assertThat(line.path("result").asText()).isEqualTo("failed");
      assertThat(line.path("why").asText()).startsWith("undelivered: ").contains("token_revoked");
    }
    assertThat(get("/api/v1/policies/" + policy + "/schedule").path("failing").asBoolean())
        .isTrue();
    assertThat(get("/api/v1/deliveries?state=failed").path("items"))
        .hasSize(2)
        .allMatch(delivery -> delivery.path("error").asText().contains("token_revoked"))
        .extracting(delivery -> delivery.path("run").asText())
        .containsExactlyElementsOf(
            ledger().valueStream().map(line -> line.path("run").asText()).toList());
    assertThat(colony.said("desk").stream().skip(1))
        .singleElement()
        .asString()
        .contains("hourly post", "token_revoked", "runs show");
    assertThat(journaled("schedule.failing")).isEqualTo(1);
  }

  @Test
  void revoked_access_takes_the_tool_away_and_says_why() {
    assertThat(afterAnHour().path("result").asText()).isEqualTo("done");
    assertThat(tool().path("offered").asBoolean()).isTrue();

    StoredGrant grant =
        house.grants.stored(colony.org(), rook.id()).stream()
            .filter(stored -> stored.grant().rule().equals("current_time"))
            .findFirst()
            .orElseThrow();
    house.grants.remove(colony.org(), grant.id());

    assertThat(tool().path("offered").asBoolean(true)).isFalse();
    assertThat(tool().path("why").asText()).isNotBlank();
    JsonNode line = afterAnHour();
    assertThat(posts()).containsExactly("I looked at the clock.", "I may not look at the clock.");
    JsonNode step =
        named(get("/api/v1/runs/" + line.path("run").asText()).path("steps"), "kind", "tool");
    assertThat(step.path("response").asText()).as(step.toString()).contains("current_time");
  }

  private JsonNode tool() {
    return named(card().at("/capability/tools"), "tool", "current_time");
  }

  @Test
  void an_integration_that_is_off_is_on_the_card_and_on_the_ledger() {
    assertThat(card().at("/capability/integrations")).hasSize(1);
    house.integrations.setEnabled(colony.org(), bot.id(), false);

    JsonNode line = afterAnHour();

    assertThat(card().at("/capability/integrations")).isEmpty();
    assertThat(line.path("result").asText()).isEqualTo("failed");
    assertThat(line.path("why").asText()).contains("integration-off");
    JsonNode hourly = named(card().path("policies"), "name", "hourly post");
    assertThat(hourly.at("/last_woke/decision").asText()).isEqualTo("woke");
    assertThat(hourly.path("next")).isNotEmpty();
    assertThat(posts()).isEmpty();
  }

  @Test
  void an_agent_that_the_bot_does_not_serve_cannot_post_with_it() {
    house.agents.create(colony.org(), new NewAgent("other", "Other", "Be helpful.", null));
    String theirs = hourly("other", colony.runs().getFirst().conversation());

    afterAnHour();

    colony.until("it was decided", () -> ledger(theirs).size() == 1 && !result(theirs).isNull());
    assertThat(result(theirs).asText()).isEqualTo("failed");
    assertThat(ledger(theirs).path(0).path("why").asText()).contains("may not read this place");
    assertThat(posts()).filteredOn(text -> text.startsWith("I looked")).hasSize(1);
  }

  private JsonNode ledger(String schedule) {
    return get("/api/v1/policies/" + schedule + "/occurrences").path("items");
  }

  private JsonNode result(String schedule) {
    return ledger(schedule).path(0).path("result");
  }
}
