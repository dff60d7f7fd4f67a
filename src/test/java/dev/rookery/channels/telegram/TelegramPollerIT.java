package dev.rookery.channels.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.channels.telegram.TelegramPoller.Step;
import dev.rookery.channels.telegram.TelegramSetup.Outcome;
import dev.rookery.demo.Fault;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.demo.SampleUpdates;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long polling and setting up, against the local Bot API. */
class TelegramPollerIT {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final LocalBotApi server = LocalBotApi.start();
  private final BotApi api = Bots.api();
  private final TelegramReceiver receiver = new TelegramReceiver(api, Bots.CLOCK);
  private final TelegramPoller poller = new TelegramPoller(api, receiver, Duration.ZERO);
  private final TelegramPoller patient = new TelegramPoller(api, receiver, Duration.ofSeconds(20));
  private final TelegramSetup setup = new TelegramSetup(api);
  private final Integration bot = Bots.at(server);
  private final SampleUpdates updates = new SampleUpdates(server.bot(), Bots.CLOCK, 500);
  private final List<String> taken = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    server.close();
    api.close();
  }

  @Test
  void updates_come_in_order_and_are_confirmed_by_the_next_call() {
    server.enqueue(updates.privateText("one"));
    server.enqueue(updates.buttonPress("skipped, but decided"));
    server.enqueue(updates.groupMention("two"));
    assertThat(poller.poll(bot, 0, this::take)).isEqualTo(new Step.Advanced(503, 3));
    assertThat(taken).containsExactly("one", "button_without_message", "@rookery_bot two");
    assertThat(poller.poll(bot, 503, this::take)).isEqualTo(new Step.Idle());
    List<LocalBotApi.Call> calls = server.calls("getUpdates");
    assertThat(calls.getFirst().parameters().has("offset")).isFalse();
    assertThat(calls.getLast().parameters().path("offset").asLong()).isEqualTo(503);
    assertThat(calls.getFirst().parameters().path("allowed_updates")).hasSize(5);
  }

  @Test
  void an_update_that_was_not_committed_comes_again() {
    server.enqueue(updates.privateText("one"));
    server.enqueue(updates.privateText("two"));
    server.enqueue(updates.privateText("three"));
    Step held =
        poller.poll(
            bot,
            0,
            (reception, update) -> !"two".equals(words(reception)) && take(reception, update));
    assertThat(held)
        .asInstanceOf(type(Step.Held.class))
        .satisfies(step -> assertThat(step.offset()).isEqualTo(501));
    poller.poll(bot, 501, this::take);
    assertThat(taken).containsExactly("one", "two", "three");
  }

  @Test
  void a_waiting_poll_returns_as_soon_as_an_update_comes() throws Exception {
    var step = CompletableFuture.supplyAsync(() -> patient.poll(bot, 0, this::take));
    server.awaitCalls("getUpdates", 1, SOON);
    server.enqueue(updates.privateText("now"));
    assertThat(step.get(5, TimeUnit.SECONDS)).isEqualTo(new Step.Advanced(501, 1));
    assertThat(taken).containsExactly("now");
  }

  @Test
  void of_two_pollers_one_is_told_and_the_other_gets_the_update() throws Exception {
    var one = CompletableFuture.supplyAsync(() -> patient.poll(bot, 0, this::take));
    var two = CompletableFuture.supplyAsync(() -> patient.poll(bot, 0, this::take));
    assertThat(CompletableFuture.anyOf(one, two).get(5, TimeUnit.SECONDS))
        .asInstanceOf(type(Step.Blocked.class))
        .satisfies(step -> assertThat(step.code()).isEqualTo("other_poller"));
    server.enqueue(updates.privateText("once"));
    List<Step> steps = List.of(one.get(5, TimeUnit.SECONDS), two.get(5, TimeUnit.SECONDS));
    assertThat(steps).contains(new Step.Advanced(501, 1));
    assertThat(taken).containsExactly("once");
  }

  @Test
  void a_webhook_that_is_set_blocks_polling_until_it_is_deleted() {
    fine(setup.connect(bot, URI.create("http://127.0.0.1:1/hook")));
    assertThat(poller.poll(bot, 0, this::take))
        .asInstanceOf(type(Step.Blocked.class))
        .satisfies(step -> assertThat(step.code()).isEqualTo("webhook_set"));
    assertThat(fine(setup.disconnect(bot))).isTrue();
    assertThat(poller.poll(bot, 0, this::take)).isEqualTo(new Step.Idle());
  }

  @Test
  void trouble_is_a_value_with_a_pause() {
    server.fault("getUpdates", Fault.rateLimited(9));
    server.fault("getUpdates", Fault.error(502, "Bad Gateway"));
    server.fault("getUpdates", Fault.dropBefore());
    server.fault("getUpdates", Fault.before(new Fault.Manner.Answer(200, "<html>")));
    server.fault(
        "getUpdates", Fault.error(409, "Conflict: terminated by other getUpdates request"));
    assertThat(poller.poll(bot, 0, this::take))
        .isEqualTo(new Step.Retry(Duration.ofSeconds(9), "Too Many Requests: retry after 9"));
    for (int i = 0; i < 3; i++) {
      assertThat(poller.poll(bot, 0, this::take))
          .asInstanceOf(type(Step.Retry.class))
          .satisfies(step -> assertThat(step.pause()).isPositive());
    }
    assertThat(poller.poll(bot, 0, this::take))
        .asInstanceOf(type(Step.Blocked.class))
        .satisfies(step -> assertThat(step.code()).isEqualTo("other_poller"));
    server.revokeToken();
    assertThat(poller.poll(bot, 0, this::take))
        .asInstanceOf(type(Step.Blocked.class))
        .satisfies(step -> assertThat(step.code()).isEqualTo("token_revoked"));
    assertThat(taken).isEmpty();
  }

  @Test
  void the_bot_and_its_webhook_are_described() {
    assertThat(fine(setup.identify(bot)))
        .isEqualTo(new TelegramSetup.Bot(424242, "rookery_bot", "Rook", false));
    fine(setup.connect(bot, URI.create("http://127.0.0.1:1/hook")));
    JsonNode call = server.calls("setWebhook").getFirst().parameters();
    assertThat(call.path("secret_token").asText()).isEqualTo(Bots.SECRET);
    assertThat(server.push(updates.privateText("lost?"))).isZero();
    TelegramSetup.Webhook webhook = fine(setup.inspect(bot));
    assertThat(webhook.url()).isEqualTo("http://127.0.0.1:1/hook");
    assertThat(webhook.pending()).isEqualTo(1);
    assertThat(webhook.lastError()).isNotBlank();
    assertThat(webhook.lastErrorAt()).isNotNull();
  }

  @Test
  void set_up_refuses_what_would_not_be_safe() {
    Integration open =
        Bots.integration(server.baseUrl().toString(), Map.of("bot_token", server.bot().token()));
    assertThat(setup.connect(open, URI.create("http://127.0.0.1:1/hook")))
        .asInstanceOf(type(Outcome.Failed.class))
        .satisfies(failed -> assertThat(failed.code()).isEqualTo("secret_not_configured"));
    assertThat(server.calls("setWebhook")).isEmpty();
    server.revokeToken();
    assertThat(setup.identify(bot))
        .isEqualTo(new Outcome.Failed<>("token_revoked", "Unauthorized", false));
  }

  private static <T> T fine(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Fine<T>(T value) -> value;
      case Outcome.Failed<T> failed -> throw new AssertionError(failed.toString());
    };
  }

  private boolean take(Reception reception, JsonNode update) {
    assertThat(update.has("update_id")).isTrue();
    taken.add(words(reception));
    return true;
  }

  private static String words(Reception reception) {
    return switch (reception) {
      case Reception.Accepted accepted -> accepted.inbound().getFirst().content().text();
      case Reception.Skipped skipped -> skipped.code();
      case Reception.Rejected rejected -> rejected.code();
    };
  }
}
